using System.Reflection;

namespace GradFlow.Tests;

/// <summary>An assembly's public surface as text, a line for each member, for a person to review.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => string.Concat(
        assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Text));

    private static string Text(Type type)
    {
        IEnumerable<string> members = type.GetMembers(Declared).Where(IsWritten).Select(Line)
            .Order(StringComparer.Ordinal);
        return $"{Kind(type)} {type.FullName}\n{string.Concat(members.Select(member => $"    {member}\n"))}";
    }

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : "sealed class";

    /// <summary>Accessors stand with their properties, and what the compiler makes of a record says nothing.</summary>
    private static bool IsWritten(MemberInfo member) =>
        member is not MethodBase { IsSpecialName: true } or ConstructorInfo
        && !member.Name.Contains('<', StringComparison.Ordinal)
        && member.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "EqualityContract");

    private static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property =>
            $"{Static(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {Accessors(property)}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        EventInfo raised => $"event {Name(raised.EventHandlerType!)} {raised.Name}",
        _ => member.ToString()!,
    };

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Accessors(PropertyInfo property) =>
        property.SetMethod is not { IsPublic: true } set ? "{ get; }"
        : set.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "{ get; init; }"
        : "{ get; set; }";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"));

    private static string Default(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? FormattableString.Invariant($" = {parameter.DefaultValue ?? "null"}") : "";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        if (!type.IsGenericType) return type.Name;
        string arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{arguments}>";
    }
}
