using System.Reflection;

namespace HyperDsl.Package;

/// <summary>
/// A folder outside of the repository with the packages as the only source, and programs and a library of networks that reference
/// nothing else. What the package depends on comes from the machine's package folder, where the repository's own build left it.
/// </summary>
public sealed class PackedApp : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hyperdsl-package-");

    public PackedApp()
    {
        // No cache may know the version.
        Version = $"0.0.0-test.{Guid.NewGuid():N}";
        string configuration = typeof(PackedApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == "Configuration").Value!;
        string feed = Path.Combine(folder.FullName, "feed");
        foreach (string project in new[] { "HyperDsl", "HyperDsl.Gpu.Package" })
        {
            DotnetCommand.Succeed(
                Repository(), "pack", Path.Combine("src", project), "--no-build", "-c", configuration, "-o", feed, $"-p:PackageVersion={Version}");
        }

        Package = Path.Combine(feed, $"HyperDsl.{Version}.nupkg");
        GpuPackage = Path.Combine(feed, $"HyperDsl.Gpu.{Version}.nupkg");
        string source = Path.Combine(AppContext.BaseDirectory, "User");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            // Project files come as text, so that no build of the repository takes them for its own.
            string target = Path.Combine(folder.FullName, Path.GetRelativePath(source, file).Replace(".txt", "", StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.WriteAllText(Path.Combine(folder.FullName, "nuget.config"), $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(folder.FullName, "packages")}" />
              </config>
              <packageSources>
                <clear />
                <add key="feed" value="{feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
                <add key="machine" value="{MachinePackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>The packages' version.</summary>
    public string Version { get; }

    /// <summary>The package's file.</summary>
    public string Package { get; }

    /// <summary>The file of the package for GPUs.</summary>
    public string GpuPackage { get; }

    /// <summary>The program's folder.</summary>
    public string Root => Path.Combine(folder.FullName, "App");

    /// <summary>The folder of a program that references the package for GPUs only.</summary>
    public string GpuRoot => Path.Combine(folder.FullName, "GpuApp");

    public void Dispose() => folder.Delete(recursive: true);

    private static string Repository()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "HyperDsl.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new DirectoryNotFoundException("The tests do not lie within the repository.");
    }

    private static string MachinePackages()
    {
        string line = DotnetCommand.Succeed(AppContext.BaseDirectory, "nuget", "locals", "global-packages", "--list").Trim();
        return line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }
}
