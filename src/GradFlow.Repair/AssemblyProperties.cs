using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GradFlow.Repair.Tests")]
