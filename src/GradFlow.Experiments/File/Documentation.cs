using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace GradFlow.Experiments;

/// <summary>The summaries that an assembly's documentation file gives for its types and members.</summary>
internal sealed partial class Documentation
{
    private readonly Dictionary<string, XElement> _summaries;

    private Documentation(XDocument document) => _summaries = document.Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);

    /// <summary>The documentation of an assembly, which lies beside it.</summary>
    public static Documentation Of(Assembly assembly)
    {
        string path = Path.ChangeExtension(assembly.Location, ".xml");
        return new Documentation(XDocument.Load(path));
    }

    public string Of(Type type) => Text("T:" + type.FullName);

    public string Of(MemberInfo member) =>
        Text($"{(member is PropertyInfo ? "P" : "F")}:{member.DeclaringType!.FullName}.{member.Name}");

    private string Text(string name) =>
        Spaces().Replace(string.Concat(_summaries[name].Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see => $"'{KeyOf((string)see.Attribute("cref")!)}'",
        XElement element => element.Value,
        _ => ((XText)node).Value,
    };

    private static string KeyOf(string reference) => SpecKey.ToKebab(reference[(reference.LastIndexOf('.') + 1)..]);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
