using BenchmarkDotNet.Running;
using GradFlow.Bench;

// `workloads` times whole training steps; anything else is BenchmarkDotNet's, such as --filter '*'.
if (args is ["workloads", .. string[] options]) return WorkloadsCommand.Run(options);
BenchmarkSwitcher.FromAssembly(typeof(WorkloadsCommand).Assembly).Run(args);
return 0;
