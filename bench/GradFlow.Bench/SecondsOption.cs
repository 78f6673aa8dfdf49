using System.CommandLine;
using System.Globalization;

namespace GradFlow.Bench;

/// <summary><c>--seconds S</c>: how long each thing is measured.</summary>
internal static class SecondsOption
{
    public static Option<double> Create(string description, double seconds)
    {
        var option = new Option<double>("--seconds")
        {
            Description = description,
            DefaultValueFactory = _ => seconds,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [var token]) return;
            if (!double.TryParse(token.Value, CultureInfo.InvariantCulture, out double number)) return;
            if (number is not (> 0 and <= 3600))
                result.AddError("--seconds: expected a number above 0, at most 3600");
        });
        return option;
    }
}
