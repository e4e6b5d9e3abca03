using System.Text;

namespace NeuroDb.Cli;

/// <summary>
/// Reads a line from the terminal with cursor keys and a history of earlier lines; a line that is
/// wider than the terminal moves sideways under the cursor. Where input is redirected, it reads
/// plain lines without a prompt.
/// </summary>
internal sealed class LineReader
{
    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private int _cursor;
    private int _firstShown;
    private int _historyIndex;

    /// <summary>Whether the last line was given up with Ctrl+C.</summary>
    public bool WasInterrupted { get; private set; }

    /// <summary>The next line; null at the end of the input.</summary>
    public string? Read(string prompt)
    {
        WasInterrupted = false;
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            return Console.ReadLine();
        }

        _line.Clear();
        _cursor = 0;
        _firstShown = 0;
        _historyIndex = _history.Count;

        // Ctrl+C gives up the line here; while a statement runs, it stops that.
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys(prompt);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? ReadKeys(string prompt)
    {
        Draw(prompt);
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                return Accept();
            }

            if (key.Modifiers == ConsoleModifiers.Control)
            {
                switch (key.Key)
                {
                    case ConsoleKey.D when _line.Length == 0:
                        Console.WriteLine();
                        return null;
                    case ConsoleKey.C:
                        Console.WriteLine("^C");
                        WasInterrupted = true;
                        return string.Empty;
                    default:
                        EditByControl(key.Key);
                        break;
                }
            }
            else
            {
                Edit(key);
            }

            Draw(prompt);
        }
    }

    private string Accept()
    {
        Console.WriteLine();
        string line = _line.ToString();
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
        }

        return line;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _cursor = Before(_cursor);
                break;
            case ConsoleKey.RightArrow:
                _cursor = After(_cursor);
                break;
            case ConsoleKey.Home:
                _cursor = 0;
                break;
            case ConsoleKey.End:
                _cursor = _line.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(1);
                break;
            case ConsoleKey.Backspace:
                Cut(Before(_cursor), _cursor);
                break;
            case ConsoleKey.Delete:
                Cut(_cursor, After(_cursor));
                break;
            default:
                Insert(key.KeyChar);
                break;
        }
    }

    /// <summary>The keys that shells and terminals have in common.</summary>
    private void EditByControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                _cursor = 0;
                break;
            case ConsoleKey.E:
                _cursor = _line.Length;
                break;
            case ConsoleKey.D:
                Cut(_cursor, After(_cursor));
                break;
            case ConsoleKey.H or ConsoleKey.Backspace:
                Cut(Before(_cursor), _cursor);
                break;
            case ConsoleKey.K:
                Cut(_cursor, _line.Length);
                break;
            case ConsoleKey.U:
                Cut(0, _cursor);
                break;
            case ConsoleKey.W:
                Cut(StartOfWord(), _cursor);
                break;
            case ConsoleKey.L:
                Console.Write("\u001b[H\u001b[2J");
                break;
            default:
                break;
        }
    }

    private int Before(int index) => index <= 0 ? 0
        : index - (index > 1 && char.IsLowSurrogate(_line[index - 1]) ? 2 : 1);

    private int After(int index) => index >= _line.Length ? _line.Length
        : Math.Min(index + (char.IsHighSurrogate(_line[index]) ? 2 : 1), _line.Length);

    private int StartOfWord()
    {
        int start = _cursor;
        while (start > 0 && char.IsWhiteSpace(_line[start - 1]))
        {
            start--;
        }

        while (start > 0 && !char.IsWhiteSpace(_line[start - 1]))
        {
            start--;
        }

        return start;
    }

    private void Cut(int start, int end)
    {
        _line.Remove(start, end - start);
        _cursor = start;
    }

    private void Insert(char character)
    {
        if (!char.IsControl(character))
        {
            _line.Insert(_cursor++, character);
        }
    }

    private void Recall(int step)
    {
        int index = _historyIndex + step;
        if (index < 0 || index > _history.Count)
        {
            return;
        }

        _historyIndex = index;
        _line.Clear().Append(index < _history.Count ? _history[index] : string.Empty);
        _cursor = _line.Length;
    }

    private void Draw(string prompt)
    {
        const string EraseToEnd = "\u001b[K";
        int room = Math.Max(Console.WindowWidth - prompt.Length - 1, 10);
        string line = _line.ToString();
        _firstShown = Math.Min(_firstShown, _cursor);
        while (TextWidth.Of(line.AsSpan(_firstShown, _cursor - _firstShown)) > room)
        {
            _firstShown = After(_firstShown);
        }

        int end = _cursor;
        while (end < line.Length
            && TextWidth.Of(line.AsSpan(_firstShown, After(end) - _firstShown)) <= room)
        {
            end = After(end);
        }

        int column = prompt.Length
            + TextWidth.Of(line.AsSpan(_firstShown, _cursor - _firstShown));
        Console.Write(
            $"\r{prompt}{line[_firstShown..end]}{EraseToEnd}\r\u001b[{column}C");
    }
}
