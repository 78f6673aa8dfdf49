using System.Globalization;
using System.Text;
using GradFlow.Tensors;

namespace GradFlow.Experiments;

/// <summary>Reads a table of numbers with a header row, its cells parted by commas, semicolons or tabs.</summary>
internal sealed class CsvTable
{
    private const long MaxBytes = 1L << 30;
    private const int MaxValues = 1 << 28;

    private readonly CsvSpec _spec;
    private readonly string _path;
    private readonly List<float> _inputs = [];
    private readonly List<float> _targets = [];
    private string[] _header = [];
    private int[] _targetColumns = [];
    private char _separator;

    private CsvTable(CsvSpec spec, string path)
    {
        _spec = spec;
        _path = path;
    }

    public static (Dataset Train, Dataset Test) Load(CsvSpec spec, string path)
    {
        if (Directory.Exists(path))
            throw new InvalidExperimentException(path, null, "is a folder; expected a CSV file");
        try
        {
            return new CsvTable(spec, path).Load();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidExperimentException(path, null, "no such file; expected a CSV file", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidExperimentException(path, null, "is not UTF-8 text; expected a CSV file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }

    private (Dataset Train, Dataset Test) Load()
    {
        if (new FileInfo(_path) is { Exists: true, Length: > MaxBytes })
            throw Bad(null, $"is larger than {MaxBytes:N0} bytes");
        using StreamReader reader = new(_path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        ReadHeader(reader.ReadLine());
        for (int line = 2; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
                ReadRow(text, line);
        }

        return Split(ToDataset());
    }

    private void ReadHeader(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            throw Bad(line is null ? null : 1, "is empty; expected a header row with the columns' names");
        _separator = line.Contains(',') ? ',' : line.Contains(';') ? ';' : line.Contains('\t') ? '\t' : ',';
        _header = [.. Cells(line, 1)];
        for (int i = 0; i < _header.Length; i++)
        {
            if (_header[i].Length == 0)
                throw Bad(1, $"column {i + 1} has no name; expected a header row");
            if (Array.IndexOf(_header, _header[i]) < i)
                throw Bad(1, $"two columns are called {Words.Quote(_header[i])}");
        }

        _targetColumns = [.. _spec.Target.Select(FindColumn)];
        if (_targetColumns.Distinct().Count() == _header.Length)
            throw Bad(1, "every column is a target; expected at least one input column");
    }

    private int FindColumn(string name)
    {
        int column = Array.IndexOf(_header, name);
        return column >= 0
            ? column
            : throw Bad(1, $"column {Words.Quote(name)} is missing; {Words.Suggest(name, _header)}");
    }

    private void ReadRow(string text, int line)
    {
        List<string> cells = Cells(text, line);
        if (cells.Count != _header.Length)
            throw Bad(line, $"has {cells.Count} cells; expected {_header.Length}, as in the header");
        if (_inputs.Count > MaxValues - cells.Count)
            throw Bad(line, $"has more than {MaxValues:N0} values up to here");
        for (int i = 0; i < cells.Count; i++)
        {
            if (Array.IndexOf(_targetColumns, i) < 0)
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
        int features = _header.Length - _targetColumns.Distinct().Count();
        float[] inputs = [.. _inputs], targets = [.. _targets];
        int rows = inputs.Length / features;
        if (rows < 3) throw Bad(null, $"has {rows} {(rows == 1 ? "row" : "rows")} of data; expected at least 3");
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
