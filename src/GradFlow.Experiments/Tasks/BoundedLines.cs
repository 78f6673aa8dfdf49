using System.Text;

namespace GradFlow.Experiments;

/// <summary>Reads lines that end in LF, CR or both, and none that is too long to hold.</summary>
internal sealed class BoundedLines(TextReader reader, int maxLength)
{
    private readonly char[] _buffer = new char[1 << 16];
    private readonly StringBuilder _line = new();
    private int _start, _end;
    private bool _skipsLineFeed;

    /// <summary>The next line without its end; null after the last.</summary>
    /// <exception cref="InvalidDataException">It is longer than is allowed.</exception>
    public string? ReadLine()
    {
        _line.Clear();
        bool isEnd = true;
        while (Fill())
        {
            isEnd = false;
            ReadOnlySpan<char> rest = _buffer.AsSpan(_start.._end);
            int length = rest.IndexOfAny('\n', '\r');
            ReadOnlySpan<char> piece = length < 0 ? rest : rest[..length];
            if (_line.Length + piece.Length > maxLength)
                throw new InvalidDataException($"is longer than {maxLength:N0} characters");
            _line.Append(piece);
            _start += piece.Length;
            if (length < 0)
                continue;
            _skipsLineFeed = _buffer[_start++] == '\r';
            return _line.ToString();
        }

        return isEnd ? null : _line.ToString();
    }

    /// <summary>Has at least one unread character in the buffer; false at the end.</summary>
    private bool Fill()
    {
        while (true)
        {
            if (_start == _end)
                (_start, _end) = (0, reader.Read(_buffer));
            if (_end == 0)
                return false;
            if (!_skipsLineFeed)
                return true;
            _skipsLineFeed = false;
            if (_buffer[_start] != '\n')
                return true;
            _start++;
        }
    }
}
