using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Cuts the text of a STRUCT, MAP or row into its items. What is in quotes or in brackets of its
/// own is one item. A FormatException tells of text that is none of these.
/// </summary>
internal sealed class NestedTextReader
{
    private readonly string _text;
    private int _at = 1;
    private bool _isFirst = true;

    /// <summary>Begins behind the opening bracket of a text.</summary>
    public NestedTextReader(string text, char open, char close)
    {
        _text = text;
        if (text.Length < 2 || text[0] != open || text[^1] != close)
        {
            throw new FormatException();
        }
    }

    /// <summary>Whether another item follows; a comma before it is passed.</summary>
    public bool HasNext()
    {
        SkipBlanks();
        if (_at == _text.Length - 1)
        {
            return false;
        }

        if (!_isFirst)
        {
            Expect(",");
        }

        _isFirst = false;
        return true;
    }

    /// <summary>Whether another place follows, which may be empty.</summary>
    public bool HasPlace()
    {
        if (_at >= _text.Length - (_isFirst ? 0 : 1))
        {
            return false;
        }

        if (!_isFirst)
        {
            Expect(",");
        }

        _isFirst = false;
        return true;
    }

    /// <summary>Passes one of some characters.</summary>
    public void Expect(string characters)
    {
        SkipBlanks();
        if (_at >= _text.Length - 1 || !characters.Contains(_text[_at]))
        {
            throw new FormatException();
        }

        _at++;
    }

    /// <summary>The item up to one of some characters or the end, and whether it was in quotes.
    /// </summary>
    public (string Text, bool IsQuoted) Next(string ends)
    {
        SkipBlanks();
        if (_text[_at] is '\'' or '"')
        {
            return (Quoted(), true);
        }

        int start = _at;
        var open = new Stack<char>();
        for (; _at < _text.Length - 1; _at++)
        {
            char next = _text[_at];
            if (open.Count == 0 && ends.Contains(next))
            {
                break;
            }

            switch (next)
            {
                case '\'' or '"':
                    Quoted();
                    _at--;
                    break;
                case '{' or '[' or '(':
                    open.Push(next);
                    break;
                case '}' or ']' or ')' when !open.TryPop(out _):
                    throw new FormatException();
                default:
                    break;
            }
        }

        return open.Count == 0
            ? (_text[start.._at].TrimEnd(), false)
            : throw new FormatException();
    }

    private string Quoted()
    {
        char quote = _text[_at++];
        var word = new StringBuilder();
        while (_at < _text.Length - 1)
        {
            char next = _text[_at++];
            if (next == quote)
            {
                if (_text[_at] != quote)
                {
                    return word.ToString();
                }

                _at++;
            }
            else if (next == '\\')
            {
                next = _text[_at++];
            }

            word.Append(next);
        }

        throw new FormatException();
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length - 1 && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }
}
