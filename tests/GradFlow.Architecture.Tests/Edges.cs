using System.Text.RegularExpressions;

namespace GradFlow.Architecture.Tests;

/// <summary>Holds the projects to the table of edges in docs/internals/layout.md.</summary>
public sealed partial class Edges
{
    private static readonly Dictionary<string, string[]> Allowed = ReadTable();

    [Fact]
    public void Every_project_has_its_row_in_the_table() =>
        Allowed.Keys.Order().ShouldBe(Repository.Projects.Select(project => project.Name).Order());

    [Fact]
    public void The_table_allows_no_cycle()
    {
        var settled = new HashSet<string>();
        while (Allowed.Keys.FirstOrDefault(p => !settled.Contains(p) && Allowed[p].All(settled.Contains)) is { } next)
            settled.Add(next);
        Allowed.Keys.Except(settled).ShouldBeEmpty("each of these reaches itself, or a project without a row");
    }

    [Fact]
    public void Project_files_reference_only_what_the_table_allows() =>
        Repository.Projects.SelectMany(project => Forbidden(project.Name, project.References)).ShouldBeEmpty();

    /// <summary>
    /// A type that came in through another project's reference shows here, though no project file names it.
    /// </summary>
    [Fact]
    public void Assemblies_use_only_what_the_table_allows()
    {
        var names = Repository.Projects.ToDictionary(project => project.Assembly, project => project.Name);
        House.Assemblies.SelectMany(house => Forbidden(
            house.Key,
            house.Value.GetReferencedAssemblies().Where(a => names.ContainsKey(a.Name!)).Select(a => names[a.Name!])))
            .ShouldBeEmpty();
    }

    /// <summary>
    /// Assemblies whose names differ in case alone are one to the loader, and files on other systems.
    /// </summary>
    [Fact]
    public void Every_project_has_an_assembly_of_its_own() =>
        House.Assemblies.Values.Select(assembly => assembly.GetName().Name!.ToUpperInvariant()).ShouldBeUnique();

    [Fact]
    public void An_edge_beyond_the_table_is_named() =>
        Forbidden("Diagnosis", ["Runs", "Nn"]).ShouldBe(["Diagnosis -> Nn"]);

    private static IEnumerable<string> Forbidden(string project, IEnumerable<string> references) =>
        references.Except(Allowed.GetValueOrDefault(project, [])).Select(reference => $"{project} -> {reference}");

    private static Dictionary<string, string[]> ReadTable() =>
        Row().Matches(Repository.Read("docs/internals/layout.md")).ToDictionary(
            row => row.Groups["project"].Value,
            row => Name().Matches(row.Groups["allowed"].Value).Select(name => name.Groups[1].Value).ToArray());

    [GeneratedRegex(@"^\| `(?<project>[A-Za-z]+)` \|(?<allowed>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Name();
}
