// A training loop of one's own under watch: ten layers with sigmoids between them don't learn, and the watch says why.
using GradFlow;
using GradFlow.Autograd;
using GradFlow.Experiments;
using GradFlow.Nn;
using GradFlow.Tensors;

int seed = args is ["--seed", var number] ? int.Parse(number) : 1;
const int Steps = 600, Batch = 32, Width = 32;
Dataset data = TaskData.Load(new CirclesSpec(), ".", seed, validationShare: 0.1).Train;

var layers = new List<Module>();
for (int i = 1; i < 10; i++)
    layers.AddRange(Linear.Create($"linear-{i}", i == 1 ? 2 : Width, Width, seed), new Sigmoid($"sigmoid-{i}"));
var net = new Sequential("net", [.. layers, Linear.Create("linear-10", Width, 2, seed)]);
var optimizer = new Sgd(net.AllParameters(), learningRate: 0.1);

using var watch = GradientWatch.Over(net, optimizer, new WatchSettings
{
    Steps = Steps,
    StepsPerEpoch = data.Count / Batch,
    Found = finding => Console.WriteLine($"{finding.Severity}: {finding.Explanation}"),
});
for (int step = 0; step < Steps; step++)
{
    int at = new RandomKey(seed, "batch").Integer(step, data.Count - Batch);
    using Tape tape = watch.Tape();
    Variable inputs = tape.Constant(Tensor.From(data.Inputs.AsSpan(2 * at, 2 * Batch), Batch, 2));
    Variable outputs = net.Apply(inputs, new Pass(IsTraining: true, new StepDraws(seed, step)));
    Variable loss = new CrossEntropy().Evaluate(outputs, Target.Of(data.Labels.AsMemory(at, Batch)));
    optimizer.ClearGradients();
    tape.Backward(loss);
    optimizer.Step();
    watch.Step(loss);
}
Console.WriteLine($"The report: {watch.Folder.Report}");
