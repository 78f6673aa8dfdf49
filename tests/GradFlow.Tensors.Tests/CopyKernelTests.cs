namespace GradFlow.Tensors.Tests;

public sealed class CopyKernelTests
{
    [Fact]
    public void Any_layout_copies_into_any_other()
    {
        foreach (int[] extents in new int[][] { [], [1], [7], [3, 5], [1, 4], [4, 1], [2, 3, 4], [0, 3], [3, 0] })
        {
            foreach (ElementType from in Layouts.Types)
            {
                foreach (ElementType to in Layouts.Types)
                {
                    foreach ((string layout, Tensor source) in Layouts.All(new Shape(extents), from, "source"))
                    {
                        foreach ((string intoLayout, Tensor into) in Layouts.All(new Shape(extents), to, "into"))
                        {
                            if (intoLayout.StartsWith("repeated", StringComparison.Ordinal)) continue;
                            Kernels.Copy(source, into);
                            foreach (int[] index in Layouts.Indices(source.Shape))
                                into[index].ShouldBe(to == ElementType.Float32 ? (float)source[index] : source[index],
                                    $"{layout} {source} to {intoLayout} {into}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Copying_into_a_view_leaves_its_surroundings_alone()
    {
        Tensor whole = Tensor.Zeros(new Shape(4, 5));
        Kernels.Copy(Tensor.Full(new Shape(2, 2), 1), whole.Slice(0, 1, 2).Slice(1, 2, 2));
        Kernels.Sum(whole).ShouldBe(4);
        whole[1, 2].ShouldBe(1);
        whole[2, 3].ShouldBe(1);
        Should.Throw<ArgumentException>(() => Kernels.Copy(whole, Tensor.Zeros(new Shape(20))));
    }

    [Fact]
    public void Filling_a_stretch_leaves_its_surroundings_alone()
    {
        Tensor whole = Tensor.Zeros(new Shape(4, 5));
        Kernels.FillInPlace(whole.Slice(0, 1, 2), 3);
        Kernels.Sum(whole).ShouldBe(30);
        Should.Throw<InvalidOperationException>(() => Kernels.FillInPlace(whole.Transpose(), 3));
    }
}
