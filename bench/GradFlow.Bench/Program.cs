using BenchmarkDotNet.Running;
using GradFlow.Bench;

const string Verbs = "workloads, peer, products, watch";

// Options alone are BenchmarkDotNet's, such as --filter '*'.
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
    case ["--help" or "-h" or "-?"]:
        Console.WriteLine($"{Verbs}, each with --help; or BenchmarkDotNet's options, such as --filter '*'");
        return 0;
    case [var verb, ..] when !verb.StartsWith('-'):
        Console.Error.WriteLine($"{verb}: no such command; expected one of {Verbs}, or BenchmarkDotNet's options");
        return 2;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(WorkloadsCommand).Assembly).Run(args);
        return 0;
}
