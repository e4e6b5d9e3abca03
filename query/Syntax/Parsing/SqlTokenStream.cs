using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// The tokens of one statement as the generated parser reads them. All are there before parsing
/// begins, so looking ahead is an array access. The last token is the end of the text.
/// </summary>
internal sealed class SqlTokenStream : ITokenStream
{
    private readonly SqlToken[] _tokens;
    private readonly int _count;
    private int _index;

    /// <summary>Takes the tokens of a statement.</summary>
    public SqlTokenStream(SqlToken[] tokens, int count, ParameterTable parameters)
    {
        Parameters = parameters;
        _tokens = tokens;
        _count = count;
        if (tokens[0].Type is NeuroSql.INSERT or NeuroSql.REPLACE or NeuroSql.WITH
            or NeuroSql.EXPLAIN)
        {
            MarkConflicts();
        }
    }

    /// <summary>The parameters of the statement.</summary>
    public ParameterTable Parameters { get; }

    public int Index => _index;

    public int Size => _count;

    public string SourceName => "sql";

    public ITokenSource TokenSource => null!;

    public IToken LT(int k)
    {
        if (k < 0)
        {
            return _index + k >= 0 ? _tokens[_index + k] : null!;
        }

        Invariant.Check(k > 0);
        return _tokens[Math.Min(_index + k - 1, _count - 1)];
    }

    public int LA(int i) => LT(i).Type;

    public IToken Get(int i) => _tokens[i];

    public void Consume()
    {
        Invariant.Check(_index < _count);
        if (_index < _count - 1)
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
        _index = Math.Min(index, _count - 1);
    }

    public string GetText(Interval interval) => "";

    public string GetText() => "";

    public string GetText(RuleContext ctx) => "";

    public string GetText(IToken start, IToken stop) => "";

    // The ON of INSERT ... ON CONFLICT would read as the ON of a join before it. The words that
    // follow tell it apart, so the parser never has to guess.
    private void MarkConflicts()
    {
        for (int i = 1; i + 2 < _count; i++)
        {
            if (_tokens[i].Type == NeuroSql.ON && _tokens[i + 1].Type == NeuroSql.CONFLICT
                && _tokens[i + 2].Type is NeuroSql.DO or NeuroSql.ON
                    or NeuroSql.LEFT_PARENTHESIS)
            {
                _tokens[i] = _tokens[i].WithType(NeuroSql.ON_CONFLICT);
            }
        }
    }
}
