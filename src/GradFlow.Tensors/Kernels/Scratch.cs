namespace GradFlow.Tensors;

/// <summary>
/// A few arrays per thread that kernels pack operands into. They grow to the largest size ever asked for and are kept,
/// so that a steady state allocates nothing; a shared pool drops arrays when threads compete.
/// </summary>
internal static class Scratch<T>
{
    [ThreadStatic]
    private static T[]? _first;

    [ThreadStatic]
    private static T[]? _second;

    [ThreadStatic]
    private static T[]? _third;

    [ThreadStatic]
    private static T[]? _fourth;

    [ThreadStatic]
    private static T[]? _fifth;

    [ThreadStatic]
    private static T[]? _sixth;

    public static T[] First(int size) => Grown(ref _first, size);

    public static T[] Second(int size) => Grown(ref _second, size);

    public static T[] Third(int size) => Grown(ref _third, size);

    public static T[] Fourth(int size) => Grown(ref _fourth, size);

    public static T[] Fifth(int size) => Grown(ref _fifth, size);

    public static T[] Sixth(int size) => Grown(ref _sixth, size);

    private static T[] Grown(ref T[]? array, int size)
    {
        if (array is null || array.Length < size) array = new T[Math.Max(256, size)];
        return array;
    }
}
