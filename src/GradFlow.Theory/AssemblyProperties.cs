using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GradFlow.Theory.Tests")]
