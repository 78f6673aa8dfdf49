using System.Runtime.CompilerServices;

namespace GradFlow.Nn;

/// <summary>What public members ask of the numbers that they are given.</summary>
internal static class Bounds
{
    public static double RequireFinite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw Outside(value, name, "a finite number");

    public static double RequireNonNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value >= 0 ? value : throw Outside(value, name, "a finite number of at least 0");

    public static double RequirePositive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value > 0 ? value : throw Outside(value, name, "a finite number above 0");

    public static double RequireShare(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw Outside(value, name, "at least 0 and below 1");

    public static int RequireCount(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 1 ? value : throw Outside(value, name, "at least 1");

    private static ArgumentOutOfRangeException Outside(double value, string name, string expected) =>
        new(name, $"{name} is {value}; expected {expected}");
}
