using System.Reflection;

namespace HyperDsl.Package;

/// <summary>
/// A folder outside of the repository with the package as the only source and a program that references nothing else. What the
/// package depends on comes from the machine's package folder, where the repository's own build left it.
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
        DotnetCommand.Succeed(
            Repository(), "pack", Path.Combine("src", "HyperDsl"), "--no-build", "-c", configuration, "-o", feed, $"-p:PackageVersion={Version}");
        Package = Directory.GetFiles(feed, "*.nupkg").Single();
        Root = Directory.CreateDirectory(Path.Combine(folder.FullName, "app")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "App")))
        {
            File.Copy(file, Path.Combine(Root, Path.GetFileName(file).Replace(".txt", "", StringComparison.Ordinal)));
        }

        File.WriteAllText(Path.Combine(Root, "nuget.config"), $"""
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

    /// <summary>The package's version.</summary>
    public string Version { get; }

    /// <summary>The package's file.</summary>
    public string Package { get; }

    /// <summary>The program's folder.</summary>
    public string Root { get; }

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
