using System.Reflection;
using System.Runtime.CompilerServices;

namespace GradFlow.Architecture.Tests;

/// <summary>The assemblies that were built from src, and the types people wrote in them.</summary>
internal static class House
{
    /// <summary>The assembly of each project that lies beside the tests.</summary>
    public static IReadOnlyDictionary<string, Assembly> Assemblies { get; } = Load();

    /// <summary>Every type in them that stands in the source, and not only in the compiler's output.</summary>
    public static IEnumerable<Type> Types => Assemblies.Values.SelectMany(a => a.GetTypes()).Where(IsWritten);

    /// <summary>Whether a person wrote this type.</summary>
    public static bool IsWritten(Type type) =>
        !type.Name.StartsWith('<')
        && type.Name != "Program"
        && type.Namespace?.StartsWith("GradFlow", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));

    private static Dictionary<string, Assembly> Load() => Repository.Projects
        .Select(project => (project.Name, Path: Path.Combine(AppContext.BaseDirectory, project.Assembly + ".dll")))
        .Where(project => File.Exists(project.Path))
        .ToDictionary(project => project.Name, project => Assembly.LoadFrom(project.Path));
}
