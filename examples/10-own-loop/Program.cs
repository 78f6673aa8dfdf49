// A training loop of one's own, under watch: eleven layers with sigmoids between them, which don't learn, and why.
using GradFlow;
using GradFlow.Autograd;
using GradFlow.Experiments;
using GradFlow.Nn;
using GradFlow.Tensors;

int seed = args is ["--seed", var text] && int.TryParse(text, out int given) ? given : 1;
const int Steps = 600, Batch = 32, Width = 32;
Dataset data = TaskData.Load(new CirclesSpec(), ".", seed, validationShare: 0.1).Train;

var layers = new List<Module>();
for (int i = 1; i <= 10; i++)
    layers.AddRange(Linear.Create($"linear-{i}", i == 1 ? 2 : Width, Width, seed), new Sigmoid($"sigmoid-{i}"));
var net = new Sequential("net", [.. layers, Linear.Create("linear-11", Width, 2, seed)]);
var optimizer = new Sgd(net.AllParameters(), learningRate: 0.1);
var loss = new CrossEntropy();

using var watch = GradientWatch.Over(net, optimizer, new WatchSettings
{
    Steps = Steps, StepsPerEpoch = data.Count / Batch, Found = f => Console.WriteLine($"{f.Severity}: {f.Explanation}"),
});
for (int step = 0; step < Steps; step++)
{
    int at = new RandomKey(seed, "batch").Integer(step, data.Count - Batch);
    using Tape tape = watch.Tape();
    Variable inputs = tape.Constant(Tensor.From(data.Inputs.AsSpan(2 * at, 2 * Batch), Batch, 2));
    Variable value = loss.Evaluate(net.Apply(inputs, new Pass(true, new StepDraws(seed, step))), Target.Of(data.Labels.AsMemory(at, Batch)));
    optimizer.ClearGradients();
    tape.Backward(value);
    optimizer.Step();
    watch.Step(value);
}
Console.WriteLine($"The report: {watch.Folder.Report}");
