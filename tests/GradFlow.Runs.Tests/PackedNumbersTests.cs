namespace GradFlow.Runs.Tests;

public sealed class PackedNumbersTests
{
    [Fact]
    public void Not_measured_undefined_and_infinite_stay_apart()
    {
        double?[] values = [null, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -6000.25];
        PackedNumbers.Unpack(PackedNumbers.Pack(values)).ShouldBe(values);
    }

    [Fact]
    public void Numbers_are_little_endian_doubles() =>
        PackedNumbers.Pack([1, null]).ShouldBe(
            [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x45, 0x4E, 0x4F, 0x4E, 0, 0, 0xF8, 0x7F]);

    [Fact]
    public void A_computed_nan_is_never_taken_for_not_measured()
    {
        double sameBits = BitConverter.UInt64BitsToDouble(PackedNumbers.NotMeasured);
        PackedNumbers.Unpack(PackedNumbers.Pack([sameBits]))[0].ShouldBe(double.NaN);
    }

    [Fact]
    public void Random_numbers_come_back_to_the_bit()
    {
        var random = new RandomRun(11);
        for (int length = 0; length < 200; length++)
        {
            double?[] values = random.Numbers(length);
            double?[] back = PackedNumbers.Unpack(PackedNumbers.Pack(values));
            back.Select(Bits).ShouldBe(values.Select(Bits));
        }
    }

    [Fact]
    public void A_length_that_is_no_multiple_of_eight_is_refused() =>
        Should.Throw<InvalidDataException>(() => PackedNumbers.Unpack(new byte[12])).Message.ShouldContain("12 bytes");

    private static long? Bits(double? value) => value is { } number
        ? BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number)
        : null;
}
