using System.Globalization;
using System.Numerics;
using System.Text;

namespace GradFlow.Experiments;

/// <summary>How numbers, truths, names and texts stand in the file.</summary>
internal static class ScalarText
{
    /// <summary>The value, or null where the text is no such value. Numbers are finite.</summary>
    public static object? Parse(Type type, ScalarNode node)
    {
        string text = node.Text;
        return Type.GetTypeCode(type) switch
        {
            _ when type == typeof(string) => IsText(text) ? text : null,
            _ when node.IsQuoted && !type.IsEnum => null,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().FirstOrDefault(v => NameOf(v) == text),
            TypeCode.Boolean => text is "true" ? true : text is "false" ? false : null,
            TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i)
                ? i
                : null,
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d)
                && double.IsFinite(d) ? d : null,
            _ => null,
        };
    }

    /// <summary>The text of a value; one that reads back as the same value.</summary>
    public static string Write(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E", "e"),
        Enum => NameOf(value),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    public static IReadOnlyList<string> NamesOf(Type enumType) =>
        [.. Enum.GetValues(enumType).Cast<object>().Select(NameOf)];

    /// <summary>
    /// What a type's values are, for "must be …", and how large they can be where that was the trouble.
    /// </summary>
    public static string Describe(Type type, Node found) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : IsTooLarge(type, found)
            ? "a whole number, at most " + int.MaxValue.ToString("#,0", CultureInfo.InvariantCulture)
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? "one of " + string.Join(", ", NamesOf(type))
        : "a map of keys";

    /// <summary>Whether it is a whole number that is too large for a type that holds some.</summary>
    public static bool IsTooLarge(Type type, Node found) => type == typeof(int)
        && found is ScalarNode { IsQuoted: false } scalar
        && BigInteger.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger whole)
        && whole > int.MaxValue;

    /// <summary>Neither empty nor with anything in it that no path or name can hold.</summary>
    private static bool IsText(string text) =>
        text.Length > 0 && text.EnumerateRunes().All(r => !Rune.IsControl(r) && r != Rune.ReplacementChar);

    private static string NameOf(object value) => SpecKey.ToKebab(value.ToString()!);
}
