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

        MarkPivots();
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
    // t PIVOT (.. FOR ..) in FROM; PIVOT t ON .. where a query may begin. All others are names.
    private void MarkPivots()
    {
        for (int i = 0; i + 2 < _count; i++)
        {
            if (_tokens[i].Type == NeuroSql.IDENTIFIER
                && PivotWord(_tokens[i].Span) is > 0 and int type
                && (BeginsQuery(i) ? Has(NeuroSql.ON, i + 1) : IsBehindTable(i)))
            {
                _tokens[i] = _tokens[i].WithType(type);
            }
        }
    }

    private static int PivotWord(ReadOnlySpan<char> word) =>
        word.Equals("PIVOT", StringComparison.OrdinalIgnoreCase) ? NeuroSql.PIVOT
        : word.Equals("UNPIVOT", StringComparison.OrdinalIgnoreCase) ? NeuroSql.UNPIVOT
        : 0;

    private bool BeginsQuery(int index) =>
        index == 0
        || (_tokens[index + 1].Type is NeuroSql.IDENTIFIER or NeuroSql.LEFT_PARENTHESIS
            && !IsBehindTable(index)
            && _tokens[index - 1].Type is NeuroSql.LEFT_PARENTHESIS
                or NeuroSql.RIGHT_PARENTHESIS or NeuroSql.AS or NeuroSql.EXPLAIN
                or NeuroSql.ANALYZE or NeuroSql.UNION or NeuroSql.ALL or NeuroSql.EXCEPT
                or NeuroSql.INTERSECT);

    private bool IsBehindTable(int index)
    {
        int open = index + 1;
        if (open + 2 < _count && _tokens[open + 1].Type == NeuroSql.NULLS)
        {
            open += 2;
        }

        return index > 0 && _tokens[open].Type == NeuroSql.LEFT_PARENTHESIS
            && Has(NeuroSql.FOR, open + 1);
    }

    // Whether a token stands before the bracket that encloses the place ends.
    private bool Has(int type, int index)
    {
        int depth = 0;
        for (int i = index; i < _count && depth >= 0; i++)
        {
            int at = _tokens[i].Type;
            if (depth == 0 && at == type)
            {
                return true;
            }

            depth += at == NeuroSql.LEFT_PARENTHESIS ? 1
                : at == NeuroSql.RIGHT_PARENTHESIS ? -1
                : 0;
        }

        return false;
    }
}
