using BenchmarkDotNet.Running;
using GradFlow.Bench;

// What isn't ours is BenchmarkDotNet's, such as --filter '*'.
switch (args)
{
    case ["workloads", .. string[] options]:
        return WorkloadsCommand.Run(options);
    case ["peer", .. string[] options]:
        return PeerCommand.Run(options);
    case ["memory", var name]:
        return MemoryCommand.Run(name);
    case ["products", .. string[] options]:
        return ProductsCommand.Run(options);
    case ["watch", .. string[] options]:
        return WatchCommand.Run(options);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(WorkloadsCommand).Assembly).Run(args);
        return 0;
}
