using System.Text;

namespace GradFlow.Cli.Tests;

/// <summary>What stands on a terminal after what was written to it: as much of one as animations make use of.</summary>
internal sealed class Screen : StringWriter
{
    private readonly List<StringBuilder> _rows = [new()];
    private int _row, _column;

    /// <summary>The lines, from the first ever written, without blanks at their ends.</summary>
    public IReadOnlyList<string> Lines => [.. _rows.Select(row => row.ToString().TrimEnd())];

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        base.Write(value);
        string text = value ?? "";
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\u001b') at = Obey(text, at);
            else if (text[at] == '\n') (_row, _column) = (_row + 1, 0);
            else if (text[at] == '\r') _column = 0;
            else Put(text[at]);
            while (_rows.Count <= _row) _rows.Add(new());
        }
    }

    private void Put(char shown)
    {
        StringBuilder row = _rows[_row];
        while (row.Length <= _column) row.Append(' ');
        row[_column++] = shown;
    }

    /// <summary>Follows the control sequence that begins here.</summary>
    /// <returns>Where it ends.</returns>
    private int Obey(string text, int begin)
    {
        int end = begin + 2;
        while (!char.IsAsciiLetter(text[end])) end++;
        _ = int.TryParse(text[(begin + 2)..end], out int number);
        switch (text[end])
        {
            case 'A': _row = Math.Max(0, _row - Math.Max(1, number)); break;
            case 'B': _row += Math.Max(1, number); break;
            case 'K' when number == 2: _rows[_row].Clear(); break;
            case 'K': Cut(_row, _column); break;
            case 'J':
                Cut(_row, _column);
                for (int below = _row + 1; below < _rows.Count; below++) Cut(below, 0);
                break;
            case 'm' or 'h' or 'l': break;
            default: throw new NotSupportedException($"'{text[begin..(end + 1)]}' is not followed by this screen");
        }
        return end;
    }

    private void Cut(int row, int column) => _rows[row].Length = Math.Min(_rows[row].Length, column);
}
