using System.Runtime.CompilerServices;
using System.Text;
using ApprovalTests;
using ApprovalTests.Core;

namespace HyperDsl.Generator.Tests.Snapshots;

/// <summary>
/// Compares text with a file next to the test, by Verify's conventions: <c>Class.Method.verified.cs</c> is the expected text,
/// and a difference leaves <c>Class.Method.received.cs</c> beside it. This file is all that knows who compares.
/// </summary>
public static class Snapshot
{
    /// <summary>Compares <paramref name="text"/> with the calling test's snapshot; throws on a difference.</summary>
    /// <param name="text">What the test made; line ends are compared as <c>\n</c>.</param>
    /// <param name="parameter">What tells the cases of a theory apart; becomes part of the file's name.</param>
    /// <param name="extension">The file's extension.</param>
    /// <param name="file">The test's source file, named as its class.</param>
    /// <param name="method">The test's method.</param>
    public static Task Verify(
        string text,
        string parameter = "",
        string extension = "cs",
        [CallerFilePath] string file = "",
        [CallerMemberName] string method = "")
    {
        string name = $"{Path.GetFileNameWithoutExtension(file)}.{method}{(parameter.Length == 0 ? "" : "_" + parameter)}";
        var files = new VerifyFileNames(text.ReplaceLineEndings("\n"), extension);
        Approvals.Verify(files, new BesideTheTest(Path.GetDirectoryName(file)!, name), NoReporter.Instance);
        return Task.CompletedTask;
    }

    private sealed class VerifyFileNames(string text, string extension) : IApprovalWriter
    {
        public string GetApprovalFilename(string basename) => $"{basename}.verified.{extension}";

        public string GetReceivedFilename(string basename) => $"{basename}.received.{extension}";

        public string WriteReceivedFile(string received)
        {
            File.WriteAllText(received, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return received;
        }
    }

    private sealed class BesideTheTest(string folder, string name) : IApprovalNamer
    {
        public string SourcePath => folder;

        public string Name => name;
    }

    private sealed class NoReporter : IApprovalFailureReporter
    {
        public static readonly NoReporter Instance = new();

        public void Report(string approved, string received)
        {
        }
    }
}
