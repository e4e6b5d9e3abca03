using Antlr4.Runtime;
using Antlr4.Runtime.Tree;

namespace NeuroDb.Query;

/// <summary>A place in the flat chain of operands and operators of one expression.</summary>
internal sealed class ExpressionCursor(IList<IParseTree> items, SqlToken last)
{
    private int _index;

    /// <summary>Whether the chain is read to its end.</summary>
    public bool IsAtEnd => _index >= items.Count;

    /// <summary>The token type at the cursor; 0 for a rule or the end.</summary>
    public int Type => TypeAt(0);

    /// <summary>The item at the cursor.</summary>
    public IParseTree Current
    {
        get
        {
            Invariant.Check(!IsAtEnd);
            return items[_index];
        }
    }

    /// <summary>The last token that was passed, for the end of a node's position.</summary>
    public SqlToken Previous
    {
        get
        {
            Invariant.Check(_index > 0);
            return items[_index - 1] switch
            {
                ITerminalNode terminal => (SqlToken)terminal.Symbol,
                ParserRuleContext rule => (SqlToken)rule.Stop,
                _ => last,
            };
        }
    }

    /// <summary>The first token at the cursor.</summary>
    public SqlToken Token => IsAtEnd
        ? last
        : items[_index] switch
        {
            ITerminalNode terminal => (SqlToken)terminal.Symbol,
            ParserRuleContext rule => (SqlToken)rule.Start,
            _ => last,
        };

    /// <summary>The token type some items ahead; 0 for a rule or the end.</summary>
    public int TypeAt(int ahead) =>
        _index + ahead < items.Count ? BuilderScope.TypeOf(items[_index + ahead]) : 0;

    /// <summary>Passes the item at the cursor and gives it.</summary>
    public IParseTree Take()
    {
        IParseTree item = Current;
        _index++;
        return item;
    }

    /// <summary>Passes the item if it is a token of the type.</summary>
    public bool TryTake(int type)
    {
        if (Type != type || IsAtEnd)
        {
            return false;
        }

        _index++;
        return true;
    }
}
