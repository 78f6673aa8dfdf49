using System.Runtime.CompilerServices;

// The tape keeps tensors and their views from step to step, and leaves work to other threads.
[assembly: InternalsVisibleTo("GradFlow.Autograd")]
[assembly: InternalsVisibleTo("GradFlow.Tensors.Tests")]
