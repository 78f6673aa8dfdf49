using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

public sealed class SpectraTests
{
    private const int Size = 500;

    [Fact]
    public void Eigenvalues_of_a_large_random_matrix_fill_the_unit_disk()
    {
        var sizes = Enumerable.Range(1, 3)
            .Select(seed => Spectra.Eigenvalues(Gaussian(seed)).Select(value => value.Magnitude).ToArray())
            .ToArray();
        Spectra.WideSpectralRadius(Size, 1.0 / Size).ShouldBe(1, 1e-12);

        // Uniform on a disk of radius ρ: E|λ|² = ρ²/2, and a share r² lies within rρ.
        var all = sizes.SelectMany(s => s).ToArray();
        Math.Sqrt(2 * all.Average(size => size * size)).ShouldBe(1, 0.03);
        all.Average(size => size < 0.5 ? 1.0 : 0).ShouldBe(0.25, 0.03);

        // The outermost of n sits √(γ/4n) + G/√(4nγ) further out, G Gumbel with mean 0.577 (Rider 2003).
        var gamma = Math.Log(Size / (2 * Math.PI)) - 2 * Math.Log(Math.Log(Size));
        var edge = 1 + Math.Sqrt(gamma / 4 / Size) + 0.5772 / Math.Sqrt(4 * Size * gamma);
        sizes.Average(s => s.Max()).ShouldBe(edge, 0.03);
    }

    [Fact]
    public void The_norm_of_a_large_random_matrix_is_twice_its_radius()
    {
        Spectra.WideSpectralNorm(Size, 1.0 / Size).ShouldBe(2, 1e-12);
        Spectra.SpectralNorm(Gaussian(4)).ShouldBe(2, 0.06);
    }

    [Theory]
    [InlineData(1.0, 0.9)]
    [InlineData(7, 0.9)]
    [InlineData(2, 0.5)]
    public void A_non_normal_matrix_grows_before_it_decays(double c, double decay)
    {
        double[,] matrix = { { decay, c }, { 0, decay } };
        for (var t = 0; t < 40; t++)
        {
            Spectra.Power(matrix, t)[0, 1].ShouldBe(t == 0 ? 0 : c * t * Math.Pow(decay, t - 1), 1e-12 * c);
        }
    }

    [Fact]
    public void Growth_at_nine_tenths_peaks_after_nine_and_ten_steps()
    {
        double[,] matrix = { { 0.9, 1 }, { 0, 0.9 } };
        var entries = Enumerable.Range(0, 60).Select(t => Spectra.Power(matrix, t)[0, 1]).ToArray();
        entries.Max().ShouldBe(3.8742049, 1e-7);
        entries[9].ShouldBe(entries[10], 1e-12);
        entries.Max().ShouldBe(entries[9], 1e-12);
    }

    [Fact]
    public void Two_matrices_without_a_spectrum_make_one_with_it()
    {
        Spectra.SpectralRadius(new double[,] { { 0, 2 }, { 0, 0 } }).ShouldBe(0, 1e-12);
        Spectra.SpectralRadius(new double[,] { { 0, 0 }, { 2, 0 } }).ShouldBe(0, 1e-12);
        Spectra.SpectralRadius(new double[,] { { 4, 0 }, { 0, 0 } }).ShouldBe(4, 1e-12);
    }

    [Fact]
    public void A_rotation_has_complex_eigenvalues_of_its_scale()
    {
        Spectra.SpectralRadius(new double[,] { { 0, -3 }, { 3, 0 } }).ShouldBe(3, 1e-12);
        Spectra.SingularValues(new double[,] { { 3, 0 }, { 0, -4 }, { 0, 0 } }).ShouldBe([4, 3], 1e-12);
    }

    [Fact]
    public void Shapes_that_make_no_sense_are_refused()
    {
        Should.Throw<ArgumentException>(() => Spectra.SpectralRadius(new double[2, 3]));
        Should.Throw<ArgumentException>(() => Spectra.SingularValues(new double[0, 0]));
    }

    private static double[,] Gaussian(int seed)
    {
        var random = new MersenneTwister(seed);
        var entries = new double[Size, Size];
        for (var k = 0; k < entries.Length; k++)
        {
            entries[k / Size, k % Size] = Normal.Sample(random, 0, 1 / Math.Sqrt(Size));
        }

        return entries;
    }
}
