using System.Globalization;
using System.Text;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Reads a table of numbers with a header row, its cells parted by commas, semicolons or tabs.</summary>
internal sealed class CsvTable
{
    private const long MaxBytes = 1L << 30;
    private const int MaxValues = 1 << 27;
    private const int MaxLineLength = 1 << 24;
    private const string Expected = "a CSV file";

    private readonly CsvSpec _spec;
    private readonly string _path;
    private readonly List<float> _inputs = [];
    private readonly List<float> _targets = [];
    private string[] _header = [];
    private int[] _targetColumns = [];
    private bool[] _isTarget = [];
    private char _separator;

    private int Features => _isTarget.Count(isTarget => !isTarget);

    private CsvTable(CsvSpec spec, string path)
    {
        _spec = spec;
        _path = path;
    }

    public static (Dataset Train, Dataset Test) Load(CsvSpec spec, string path)
    {
        using FileStream file = DataFile.Open(path, Expected);
        try
        {
            return new CsvTable(spec, path).Load(file);
        }
        catch (DecoderFallbackException e)
        {
            using FileStream again = DataFile.Open(path, Expected);
            int? line = Utf8Lines.FirstWrong(again);
            throw new InvalidExperimentException(path, line, $"is not UTF-8 text; expected {Expected}", e);
        }
        catch (IOException e)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }

    private (Dataset Train, Dataset Test) Load(FileStream file)
    {
        if (file.Length > MaxBytes)
            throw Bad(null, $"is larger than {MaxBytes:N0} bytes; expected {Expected} that memory holds");
        using StreamReader reader = new(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        BoundedLines lines = new(reader, MaxLineLength);
        ReadHeader(ReadLine(lines, 1));
        for (int line = 2; ReadLine(lines, line) is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
                ReadRow(text, line);
        }

        return Split(ToDataset());
    }

    private string? ReadLine(BoundedLines lines, int number)
    {
        try
        {
            return lines.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw Bad(number, $"{e.Message}; expected {Expected}");
        }
    }

    private void ReadHeader(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            throw Bad(line is null ? null : 1, "is empty; expected a header row with the columns' names");
        _separator = line.Contains(',') ? ',' : line.Contains(';') ? ';' : line.Contains('\t') ? '\t' : ',';
        _header = [.. Cells(line, 1)];
        Dictionary<string, int> columns = [];
        for (int i = 0; i < _header.Length; i++)
        {
            if (_header[i].Length == 0)
                throw Bad(1, $"column {i + 1} has no name; expected a header row");
            if (!columns.TryAdd(_header[i], i))
                throw Bad(1, $"two columns are called {Words.Quote(_header[i])}");
        }

        _targetColumns = [.. _spec.Target.Select(name => FindColumn(name, columns))];
        _isTarget = new bool[_header.Length];
        foreach (int column in _targetColumns)
            _isTarget[column] = true;
        if (Features == 0)
            throw Bad(1, "every column is a target; expected at least one input column");
    }

    private int FindColumn(string name, Dictionary<string, int> columns) =>
        columns.TryGetValue(name, out int column)
            ? column
            : throw Bad(1, $"column {Words.Quote(name)} is missing; {Words.Suggest(name, _header)}");

    private void ReadRow(string text, int line)
    {
        List<string> cells = Cells(text, line);
        if (cells.Count != _header.Length)
            throw Bad(line, $"has {Words.Count(cells.Count, "cell")}; expected {_header.Length}, as in the header");
        if (_inputs.Count + _targets.Count > MaxValues - cells.Count)
            throw Bad(line, $"has more than {MaxValues:N0} values up to here");
        for (int i = 0; i < cells.Count; i++)
        {
            if (!_isTarget[i])
                _inputs.Add(ReadNumber(cells[i], i, line));
        }

        foreach (int column in _targetColumns)
            _targets.Add(_spec.Classes is { } classes
                ? ReadLabel(cells[column], column, line, classes)
                : ReadNumber(cells[column], column, line));
    }

    private float ReadNumber(string cell, int column, int line) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            && float.IsFinite(number)
            ? number
            : throw Bad(line, $"{Words.Quote(_header[column])} is {Found(cell)}; expected a finite number");

    private int ReadLabel(string cell, int column, int line, int classes) =>
        int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label)
            && label >= 0 && label < classes
            ? label
            : throw Bad(line, $"label {Words.Quote(_header[column])} is {Found(cell)}; expected a whole number from 0 "
                + $"to {classes - 1}");

    private static string Found(string cell) => cell.Length == 0 ? "empty" : Words.Quote(cell);

    private List<string> Cells(string line, int number)
    {
        List<string> cells = [];
        for (int at = 0; at <= line.Length;)
        {
            bool quoted = at < line.Length && line[at] == '"';
            int end = quoted ? EndOfQuoted(line, at) : line.IndexOf(_separator, at);
            if (end < 0 && quoted)
                throw Bad(number, "has a quote that isn't closed on its line");
            end = end < 0 ? line.Length : end;
            cells.Add(quoted ? line[(at + 1)..(end - 1)].Replace("\"\"", "\"") : line[at..end].Trim());
            at = end + 1;
        }

        return cells;
    }

    /// <summary>Where the cell that begins with a quote ends; −1 if its quote isn't closed at a separator.</summary>
    private int EndOfQuoted(string line, int start)
    {
        for (int i = start + 1; i < line.Length; i++)
        {
            if (line[i] != '"')
                continue;
            if (i + 1 == line.Length || line[i + 1] == _separator)
                return i + 1;
            i++;
        }

        return -1;
    }

    private Dataset ToDataset()
    {
        int features = Features;
        float[] inputs = [.. _inputs], targets = [.. _targets];
        if (inputs.Length < 3 * features)
            throw Bad(null, $"has {Words.Count(inputs.Length / features, "row")} of data; expected at least 3");
        return _spec.Classes is { } classes
            ? Dataset.ForClasses(inputs, [features], Array.ConvertAll(targets, t => (int)t), classes)
            : Dataset.ForRegression(inputs, [features], targets, _targetColumns.Length);
    }

    /// <summary>The same for every seed: another seed's test data must not be trained on.</summary>
    private (Dataset Train, Dataset Test) Split(Dataset all)
    {
        int[] order = new RandomKey(0, "file split").Permutation(all.Count);
        int test = Math.Clamp((int)Math.Round(all.Count * _spec.Test), 1, all.Count - 2);
        return (all.Select(order.AsSpan(test)), all.Select(order.AsSpan(0, test)));
    }

    private InvalidExperimentException Bad(int? line, string problem) => new(_path, line, problem);
}
