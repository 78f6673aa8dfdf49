using System.Text;

namespace GradFlow.Cli.Rendering;

/// <summary>
/// Writes lines without the blanks that fill them up, which matter to nobody but to those who compare or paste them,
/// and <see cref="Unbroken.Blank"/> as a blank.
/// </summary>
/// <param name="writer">Where to.</param>
/// <param name="trims">
/// Whether blanks at a line's end are left out; a terminal that draws over lines needs them.
/// </param>
internal sealed class TidyWriter(TextWriter writer, bool trims) : TextWriter
{
    private int _blanks;

    /// <inheritdoc/>
    public override Encoding Encoding => writer.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        var tidy = new StringBuilder();
        foreach (char c in value ?? "")
        {
            char shown = c == Unbroken.Blank ? ' ' : c;
            if (trims && shown == ' ')
            {
                _blanks++;
                continue;
            }
            if (shown is not ('\r' or '\n')) tidy.Append(' ', _blanks);
            _blanks = 0;
            tidy.Append(shown);
        }
        writer.Write(tidy.ToString());
    }

    /// <inheritdoc/>
    public override void Flush() => writer.Flush();
}
