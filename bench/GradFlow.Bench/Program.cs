using BenchmarkDotNet.Running;
using GradFlow.Bench;

// `workloads` times whole training steps, `products` matrix products against the peer; anything else is BenchmarkDotNet's, such as --filter '*'.
if (args is ["workloads", .. string[] options]) return WorkloadsCommand.Run(options);
if (args is ["products", .. string[] rest]) return ProductsCommand.Run(rest);
BenchmarkSwitcher.FromAssembly(typeof(WorkloadsCommand).Assembly).Run(args);
return 0;
