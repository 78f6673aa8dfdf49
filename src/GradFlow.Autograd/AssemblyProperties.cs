using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GradFlow.Autograd.Tests")]
