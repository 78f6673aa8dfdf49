using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GradFlow.Experiments.Tests")]
