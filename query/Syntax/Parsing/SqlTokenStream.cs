using Antlr4.Runtime;
using Antlr4.Runtime.Misc;

namespace NeuroDb.Query;

/// <summary>
/// The tokens of one statement as the generated parser reads them. All are there before parsing
/// begins, so looking ahead is an array access. The last token is the end of the text.
/// </summary>
internal sealed class SqlTokenStream(SqlToken[] tokens, int count) : ITokenStream
{
    private int _index;

    public int Index => _index;

    public int Size => count;

    public string SourceName => "sql";

    public ITokenSource TokenSource => null!;

    public IToken LT(int k)
    {
        if (k < 0)
        {
            return _index + k >= 0 ? tokens[_index + k] : null!;
        }

        Invariant.Check(k > 0);
        return tokens[Math.Min(_index + k - 1, count - 1)];
    }

    public int LA(int i) => LT(i).Type;

    public IToken Get(int i) => tokens[i];

    public void Consume()
    {
        Invariant.Check(_index < count);
        if (_index < count - 1)
        {
            _index++;
        }
    }

    public int Mark() => 0;

    public void Release(int marker)
    {
    }

    public void Seek(int index)
    {
        Invariant.Check(index >= 0);
        _index = Math.Min(index, count - 1);
    }

    public string GetText(Interval interval) => "";

    public string GetText() => "";

    public string GetText(RuleContext ctx) => "";

    public string GetText(IToken start, IToken stop) => "";
}
