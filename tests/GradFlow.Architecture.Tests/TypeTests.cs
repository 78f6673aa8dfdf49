using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace GradFlow.Architecture.Tests;

/// <summary>
/// What every type keeps to: closed or abstract, nothing overridden twice, no global state, a plain name.
/// </summary>
public sealed partial class TypeTests
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Public_classes_are_sealed_abstract_or_static() =>
        House.Types.Where(IsOpen).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void No_method_that_has_a_body_is_overridden() =>
        House.Types.SelectMany(OverridesOfBodies).ShouldBeEmpty();

    [Fact]
    public void No_static_field_or_property_can_be_set() =>
        House.Types.SelectMany(MutableStatics).ShouldBeEmpty();

    [Fact]
    public void No_type_hides_behind_an_empty_word() =>
        House.Types.Select(type => type.Name).Where(name => EmptyWord().IsMatch(name)).ShouldBeEmpty();

    [Fact]
    public void Each_check_sees_a_class_that_breaks_it()
    {
        IsOpen(typeof(Open)).ShouldBeTrue();
        OverridesOfBodies(typeof(Overriding)).ShouldBe(["Overriding.Describe overrides Open.Describe"]);
        MutableStatics(typeof(Open)).ShouldBe(["Open.Count", "Open.Limit"], ignoreOrder: true);
        EmptyWord().IsMatch("TensorHelper").ShouldBeTrue();
        EmptyWord().IsMatch("UncommonLoss").ShouldBeFalse();
    }

    private static bool IsOpen(Type type) =>
        type is { IsClass: true, IsVisible: true, IsSealed: false, IsAbstract: false };

    private static IEnumerable<string> OverridesOfBodies(Type type) =>
        from method in type.GetMethods(Declared)
        where !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        let overridden = Overridden(method)
        where overridden is { IsAbstract: false } && House.IsWritten(overridden.DeclaringType!)
        where !overridden.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        select $"{type.Name}.{method.Name} overrides {overridden.DeclaringType!.Name}.{method.Name}";

    /// <summary>The nearest method that this one takes the place of; none when it starts a slot of its own.</summary>
    private static MethodInfo? Overridden(MethodInfo method)
    {
        var slot = method.GetBaseDefinition();
        if (slot == method || slot.DeclaringType == typeof(object))
            return null;
        for (var ancestor = method.DeclaringType!.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.GetMethods(Declared).FirstOrDefault(m => m.GetBaseDefinition() == slot) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>A field that belongs to one thread is scratch space; every other one is shared by all runs.</summary>
    private static IEnumerable<string> MutableStatics(Type type)
    {
        var fields = type.GetFields(Declared)
            .Where(field => field is { IsStatic: true, IsInitOnly: false, IsLiteral: false })
            .Where(field => !field.IsDefined(typeof(ThreadStaticAttribute)))
            .Where(field => !field.IsDefined(typeof(CompilerGeneratedAttribute)));
        var properties = type.GetProperties(Declared).Where(property => property.SetMethod?.IsStatic == true);
        return fields.Cast<MemberInfo>().Concat(properties).Select(member => $"{type.Name}.{member.Name}");
    }

    [GeneratedRegex("(Manager|Helper|Util|Common)(s|ies|ity)?(?![a-z])")]
    private static partial Regex EmptyWord();

#pragma warning disable CA2211, CA1051, CA1034 // These break the rules on purpose, so that the checks are seen to work.
    public class Open
    {
        public static int Limit { get; set; }
        public static int Count = Limit;
        public virtual string Describe() => "open";
    }

    public sealed class Overriding : Open
    {
        public override string Describe() => "overriding";
    }
#pragma warning restore CA2211, CA1051, CA1034
}
