using System.Text;

namespace NeuroDb.Cli;

/// <summary>
/// Reads a line from the terminal with cursor keys and a history of earlier lines; where input is
/// redirected, it reads plain lines without a prompt.
/// </summary>
internal sealed class LineReader
{
    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private int _cursor;
    private int _historyIndex;

    /// <summary>The next line; null at the end of the input.</summary>
    public string? Read(string prompt)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            return Console.ReadLine();
        }

        _line.Clear();
        _cursor = 0;
        _historyIndex = _history.Count;
        Draw(prompt);
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                return Accept();
            }

            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control }
                && _line.Length == 0)
            {
                Console.WriteLine();
                return null;
            }

            Edit(key);
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
                _cursor = Math.Max(_cursor - 1, 0);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_cursor + 1, _line.Length);
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
            case ConsoleKey.Backspace when _cursor > 0:
                _line.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _line.Length:
                _line.Remove(_cursor, 1);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }
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
        string back = _cursor < _line.Length ? $"\u001b[{_line.Length - _cursor}D" : string.Empty;
        Console.Write($"\r{prompt}{_line}{EraseToEnd}{back}");
    }
}
