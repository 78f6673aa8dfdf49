namespace GradFlow.Cli.Tests;

/// <summary>A folder of a test's own, with the files that commands are given; gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    internal Scratch() => Folder = Directory.CreateTempSubdirectory("gradflow-cli-").FullName;

    internal string Folder { get; }

    /// <summary>Where runs go.</summary>
    internal string Runs => At("runs");

    /// <summary>The one run folder that a command has left.</summary>
    internal string Run => Directory.GetDirectories(Runs).ShouldHaveSingleItem();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal string At(string name) => Path.Combine(Folder, name);

    internal string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    internal string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>An experiment on data that are drawn or, with a path, read.</summary>
    internal string WriteExperiment(
        string data = "blobs: { samples: 240, classes: 2 }", string layers = "linear: 8}, tanh, {linear: 2",
        string training = "steps: 60, batch: 20", string name = "small.yaml") => Write(name, $$"""
        name: small
        seed: 3
        data: { {{data}} }
        model: [{{{layers}}}]
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.1 } }
        training: { {{training}} }
        """);

    /// <summary>A net that learns nothing, since its gradient vanishes.</summary>
    internal string WriteSick() => WriteExperiment(
        layers: "repeat: { times: 8, layers: [{linear: 6}, sigmoid] }}, {linear: 2", training: "steps: 200, batch: 20",
        name: "sick.yaml");

    /// <summary>MNIST's files with some images of noise and labels that go round.</summary>
    internal string WriteImages(string name, int images, int classes = 10, int bytesMissing = 0)
    {
        byte[] header = [0, 0, 8, 3, 0, 0, 0, (byte)images, 0, 0, 0, 4, 0, 0, 0, 4];
        byte[] pixels = [.. Enumerable.Range(0, 16 * images).Select(i => (byte)(i * 37))];
        byte[] labels = [.. Enumerable.Range(0, images).Select(i => (byte)(i % classes))];
        Write(Path.Combine(name, "train-images-idx3-ubyte"), [.. header, .. pixels.SkipLast(bytesMissing)]);
        Write(Path.Combine(name, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)images, .. labels]);
        return At(name);
    }
}
