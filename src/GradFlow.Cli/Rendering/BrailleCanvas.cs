using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>Dots in cells of text, two by four in each; a cell has the colour of what was drawn last.</summary>
/// <param name="width">Cells.</param>
/// <param name="height">Cells.</param>
internal sealed class BrailleCanvas(int width, int height)
{
    private const int Across = 2, Down = 4, Blank = 0x2800;

    // The bits of Unicode's braille patterns, row by row.
    private static readonly int[] Bits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

    private readonly int[] _dots = new int[width * height];
    private readonly char[] _marks = new char[width * height];
    private readonly Style[] _styles = new Style[width * height];

    /// <summary>Dots across.</summary>
    public int DotsAcross => width * Across;

    /// <summary>Dots down.</summary>
    public int DotsDown => height * Down;

    /// <summary>Sets a dot, counted from the upper left.</summary>
    public void Dot(int x, int y, Style style)
    {
        if (x < 0 || y < 0 || x >= DotsAcross || y >= DotsDown) return;
        int cell = y / Down * width + x / Across;
        _dots[cell] |= Bits[y % Down * Across + x % Across];
        _styles[cell] = style;
    }

    /// <summary>Sets a character over the dots of the cell that a dot lies in.</summary>
    public void Mark(int x, int y, char mark, Style style)
    {
        int cell = Math.Clamp(y / Down, 0, height - 1) * width + Math.Clamp(x / Across, 0, width - 1);
        _marks[cell] = mark;
        _styles[cell] = style;
    }

    /// <summary>Writes a row of cells.</summary>
    public void WriteRow(int row, Paragraph line)
    {
        for (int cell = row * width; cell < (row + 1) * width; cell++)
        {
            char shown = _marks[cell] != 0 ? _marks[cell] : _dots[cell] != 0 ? (char)(Blank + _dots[cell]) : ' ';
            line.Append(shown.ToString(), shown == ' ' ? Style.Plain : _styles[cell]);
        }
    }
}
