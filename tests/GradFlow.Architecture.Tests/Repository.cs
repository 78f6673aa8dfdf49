using System.Xml.Linq;

namespace GradFlow.Architecture.Tests;

/// <summary>The repository that the tests were built from, as files.</summary>
internal static class Repository
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>The folder that holds GradFlow.slnx, found by walking up from the test's own output.</summary>
    public static DirectoryInfo Root { get; } = FindRoot();

    /// <summary>The folder src.</summary>
    public static DirectoryInfo Source { get; } = new(Path.Combine(Root.FullName, "src"));

    /// <summary>The projects below src, each with the projects that its file references.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Source.EnumerateFiles("*.csproj", SearchOption.AllDirectories).Select(ReadProject).OrderBy(p => p.Name)];

    /// <summary>The C# files below src.</summary>
    public static IEnumerable<FileInfo> SourceFiles => Source.EnumerateFiles("*.cs", SearchOption.AllDirectories);

    /// <summary>The C# files below src, tests and bench.</summary>
    public static IEnumerable<FileInfo> CodeFiles => new[] { "src", "tests", "bench" }.SelectMany(folder =>
        new DirectoryInfo(Path.Combine(Root.FullName, folder)).EnumerateFiles("*.cs", SearchOption.AllDirectories));

    /// <summary>The text of a file, named from the root with forward slashes.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root.FullName, path));

    /// <summary>A file's or folder's path from the root, with forward slashes.</summary>
    public static string Relative(FileSystemInfo entry) =>
        Path.GetRelativePath(Root.FullName, entry.FullName).Replace('\\', '/');

    /// <summary>The name that the table of edges uses: <c>Nn</c> for GradFlow.Nn.</summary>
    public static string ShortName(string project) =>
        project.StartsWith("GradFlow.", StringComparison.Ordinal) ? project["GradFlow.".Length..] : project;

    private static ProjectFile ReadProject(FileInfo file)
    {
        var document = XDocument.Load(file.FullName);
        var references = document.Descendants("ProjectReference")
            .Select(reference => (string?)reference.Attribute("Include") ?? "")
            .Select(path => ShortName(Path.GetFileNameWithoutExtension(path.Split(Separators)[^1])));
        var name = Path.GetFileNameWithoutExtension(file.Name);
        var assembly = document.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name;
        return new ProjectFile(ShortName(name), assembly, [.. references]);
    }

    private static DirectoryInfo FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GradFlow.slnx")))
            folder = folder.Parent;
        return folder ?? throw new InvalidOperationException("No folder above the tests holds GradFlow.slnx.");
    }
}

/// <summary>A project of src: its short name, its assembly's name, and the short names that it references.</summary>
internal sealed record ProjectFile(string Name, string Assembly, IReadOnlyList<string> References);
