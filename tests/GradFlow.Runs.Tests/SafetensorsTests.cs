using System.Text;

namespace GradFlow.Runs.Tests;

public sealed class SafetensorsTests : TemporaryFolder
{
    private string File => In("a.safetensors");

    [Fact]
    public void Arrays_of_every_type_come_back_to_the_bit()
    {
        float[] singles = [1.5f, float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 3];
        double[] doubles = [Math.PI, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0123)];
        Safetensors.Write(
            File,
            [
                PackedArray.Of("w", [2, 3], singles),
                new PackedArray("mask", PackedType.U8, [3], new byte[] { 1, 0, 255 }),
                PackedArray.Of("é.\"v\"", [2], doubles),
                PackedArray.Of("counter", [], [long.MinValue]),
                PackedArray.Of("empty", [0, 4], ReadOnlySpan<float>.Empty),
            ],
            new Dictionary<string, string> { ["step"] = "17", ["experiment"] = "name: a\nseed: 7\n" });

        Checkpoint back = Safetensors.Read(File);
        back.Arrays.Select(array => array.Name).ShouldBe(["w", "mask", "é.\"v\"", "counter", "empty"]);
        back["w"].ToSingles().Select(BitConverter.SingleToInt32Bits)
            .ShouldBe(singles.Select(BitConverter.SingleToInt32Bits));
        back["w"].Shape.ShouldBe([2, 3]);
        back["mask"].Bytes.ToArray().ShouldBe([1, 0, 255]);
        back["é.\"v\""].ToDoubles().Select(BitConverter.DoubleToInt64Bits)
            .ShouldBe(doubles.Select(BitConverter.DoubleToInt64Bits));
        back["counter"].ToIntegers().ShouldBe([long.MinValue]);
        back["empty"].Bytes.Length.ShouldBe(0);
        back.Metadata.ShouldBe(
            new Dictionary<string, string> { ["step"] = "17", ["experiment"] = "name: a\nseed: 7\n" });
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        Safetensors.Write(File, [PackedArray.Of("x", [1], [1f])]);
        const string header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  ";
        byte[] expected = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(
            header), 0, 0, 0x80, 0x3F];
        System.IO.File.ReadAllBytes(File).ShouldBe(expected);
        (header.Length % 8).ShouldBe(0);
    }

    [Fact]
    public void A_new_checkpoint_takes_the_place_of_the_old_and_leaves_nothing_beside()
    {
        Safetensors.Write(File, [PackedArray.Of("x", [1], [1f])]);
        Safetensors.Write(File, [PackedArray.Of("x", [1], [2f])]);
        Safetensors.Read(File)["x"].ToSingles().ShouldBe([2f]);
        Directory.GetFiles(Folder).ShouldBe([File]);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_checkpoint()
    {
        Safetensors.Write(File, [PackedArray.Of("x", [1], [1f])]);
        PackedArray misfit = PackedArray.Of("x", [3], [1f]);
        Should.Throw<ArgumentException>(() => Safetensors.Write(File, [misfit])).Message
            .ShouldContain("4 bytes do not fit F32 of [3]");
        PackedArray x = PackedArray.Of("x", [1], [3f]);
        Should.Throw<ArgumentException>(() => Safetensors.Write(File, [x, x])).Message
            .ShouldContain("this name is taken");
        Safetensors.Read(File)["x"].ToSingles().ShouldBe([1f]);
    }

    [Fact]
    public void A_disk_without_room_leaves_the_old_checkpoint_and_no_half_of_the_new()
    {
        const string full = "/dev/full";
        Assert.SkipUnless(System.IO.File.Exists(full), "has no device that is always full");
        Safetensors.Write(File, [PackedArray.Of("x", [1], [1f])]);
        System.IO.File.CreateSymbolicLink(File + ".part", full);
        Should.Throw<IOException>(() => Safetensors.Write(File, [PackedArray.Of("x", [1], [2f])]));
        Safetensors.Read(File)["x"].ToSingles().ShouldBe([1f]);
        Directory.GetFiles(Folder).ShouldBe([File]);
    }

    [Fact]
    public void A_checkpoint_cut_off_anywhere_is_refused_in_one_line()
    {
        Safetensors.Write(File, [PackedArray.Of("x", [2], [1f, 2f]), PackedArray.Of("y", [1], [3d])]);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Failure();
        }
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", "expected F32, F64, I64 or U8")]
    [InlineData("""{"x":{"dtype":"1","shape":[1],"data_offsets":[0,8]}}""", "expected F32")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "4 bytes do not fit F32 of [2]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "do not fit")]
    [InlineData("""{"x":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""", "do not fit")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "expected it at 0")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", "data_offsets")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "2 bytes after the last array")]
    [InlineData("""{"x":3}""", "no valid safetensors file")]
    [InlineData("""[]""", "no JSON object")]
    [InlineData("""{"x":null}""", "x")]
    public void A_wrong_header_is_named(string header, string named)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        System.IO.File.WriteAllBytes(File, [(byte)text.Length, 0, 0, 0, 0, 0, 0, 0, .. text, 0, 0, 0x80, 0x3F]);
        Failure().ShouldContain(named);
    }

    [Fact]
    public void A_missing_checkpoint_is_said_to_be_so() => Failure().ShouldContain("no such file");

    [Fact]
    public void Elements_are_not_taken_for_another_type()
    {
        PackedArray array = PackedArray.Of("x", [1], [1f]);
        Should.Throw<InvalidDataException>(array.ToDoubles).Message.ShouldContain("array x is of F32; expected F64");
    }

    private string Failure()
    {
        InvalidRunException error = Should.Throw<InvalidRunException>(() => Safetensors.Read(File));
        error.Message.ShouldStartWith(File);
        error.Message.ShouldNotContain("\n");
        return error.Message;
    }
}
