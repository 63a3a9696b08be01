using ApprovalTests.Core.Exceptions;

namespace HyperDsl.Generator.Tests.Snapshots;

public sealed class SnapshotTests
{
    private const string Text = "// shape [2, 3]\r\nfloat first = 0.5f;\n";

    [Fact]
    public Task Equal_text_passes_whatever_its_line_ends() => Snapshot.Verify(Text);

    [Fact]
    public async Task Different_text_fails_and_leaves_what_was_received()
    {
        string received = Received(nameof(Different_text_fails_and_leaves_what_was_received));
        await Assert.ThrowsAsync<ApprovalMismatchException>(() => Snapshot.Verify(Text.Replace("0.5f", "0.25f")));
        Assert.Contains("0.25f", await File.ReadAllTextAsync(received));

        await Snapshot.Verify(Text);
        Assert.False(File.Exists(received), "An equal text deletes what an earlier run left.");
    }

    [Fact]
    public async Task Missing_snapshot_fails_and_leaves_what_was_received()
    {
        string received = Received(nameof(Missing_snapshot_fails_and_leaves_what_was_received));
        await Assert.ThrowsAsync<ApprovalMissingException>(() => Snapshot.Verify(Text));
        Assert.True(File.Exists(received));
        File.Delete(received);
    }

    private static string Received(string method, [System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, $"{nameof(SnapshotTests)}.{method}.received.cs");
}
