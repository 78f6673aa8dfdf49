using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GradFlow.Tensors.Tests")]
