using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds calls of table functions that take objects: MODEL m@2, TABLE t or (query), then values in
/// order, then values by name.
/// </summary>
internal sealed class ObjectFunctionBinder(
    ObjectFunction function, FunctionCallSyntax call, Binder binder, ExpressionBinder expressions)
{
    private const string QueryName = "query";

    private readonly Expression?[] _values = new Expression?[function.Options.Count];
    private readonly List<FunctionTable> _tables = [];
    private ModelNameSyntax? _model;
    private int _next;

    /// <summary>The function with its columns, and the values of its options.</summary>
    public (TableFunction Function, IReadOnlyList<Expression> Arguments) Bind()
    {
        foreach (FunctionArgumentSyntax argument in call.Arguments)
        {
            if (argument.Value is ObjectArgumentSyntax named && argument.Name is null)
            {
                AddObject(named);
            }
            else if (argument is { Name: null, Value: SubqueryExpressionSyntax query }
                && _next == 0 && _tables.Count < function.TablesMax)
            {
                _tables.Add(BindTable(QueryName, null, query.Query));
            }
            else
            {
                AddValue(argument);
            }
        }

        Check();
        ModelVersionInfo? version = _model is null
            ? null : ModelLookup.Find(_model, binder.Catalog);
        var inputs = new ObjectInputs(_model, version, _tables, call.Position);
        for (int i = 0; i < _values.Length; i++)
        {
            FunctionOption option = function.Options[i];
            _values[i] ??= new ConstantExpression(option.Default, option.Type);
        }

        IReadOnlyList<(string Name, DataType Type)> columns = function.ColumnsFor is { } choose
            ? choose(Constants())
            : function.Columns(inputs);
        var bound = new TableFunction(function.Name, columns, static _ => [])
        {
            RunIn = (values, context) => function.Run(inputs, values, context),
        };
        return (bound, _values!);
    }

    private void AddObject(ObjectArgumentSyntax named)
    {
        switch (named.Kind)
        {
            case ObjectArgumentKind.Model when function.TakesModel && _model is null:
                _model = new ModelNameSyntax(named.Name, named.Version)
                {
                    Position = named.Position,
                };
                break;
            case ObjectArgumentKind.Table when _tables.Count < function.TablesMax:
                _tables.Add(BindTable(named.Name));
                break;
            default:
                throw Wrong($"it takes {Signature()}", named.Position);
        }
    }

    private void AddValue(FunctionArgumentSyntax argument)
    {
        int place = argument.Name is null ? _next++ : PlaceOf(argument.Name);
        if (place >= _values.Length || _values[place] is not null)
        {
            throw Wrong(
                place >= _values.Length
                    ? $"it takes {Signature()}"
                    : $"{function.Options[place].Name} is given twice",
                argument.Position);
        }

        Expression value = expressions.Bind(argument.Value);
        _values[place] = Coercion.To(value, function.Options[place].Type, argument.Position);
    }

    private int PlaceOf(IdentifierSyntax name)
    {
        for (int i = 0; i < function.Options.Count; i++)
        {
            if (string.Equals(
                function.Options[i].Name, name.Name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw Wrong(
            $"it has no argument {name.Name}."
            + NearMatch.Hint(name.Name, function.Options.Select(static it => it.Name))
            + $" It takes {Signature()}",
            name.Position);
    }

    /// <summary>The values of the options that are constants; NULL for others.</summary>
    private Value[] Constants() =>
        [.. _values.Select(static value => value is ConstantExpression constant
            ? constant.Value : Value.Null)];

    private FunctionTable BindTable(NameSyntax name)
    {
        var select = (SelectStatementSyntax)SqlParser.Parse(
            $"SELECT * FROM {string.Join('.', name.Parts.Select(
                static part => SqlText.Quote(part.Name)))}")[0];
        bool isTable = binder.Catalog.TryGetTable(name.Key, out TableEntry table);
        return BindTable(name.Last, isTable ? table : null, select.Query);
    }

    private FunctionTable BindTable(string name, TableEntry? table, QuerySyntax query) => new(
        name, table, new Planner(binder.Identifiers).Plan(binder.BindQuery(query)));

    private void Check()
    {
        bool lacksModel = function.TakesModel && !function.IsModelOptional && _model is null;
        if (lacksModel || _tables.Count < function.TablesMin)
        {
            throw Wrong($"it takes {Signature()}", call.Position);
        }
    }

    private string Signature()
    {
        var parts = new List<string>();
        if (function.TakesModel)
        {
            parts.Add(function.IsModelOptional ? "[MODEL m]" : "MODEL m");
        }

        for (int i = 0; i < function.TablesMax; i++)
        {
            parts.Add(i < function.TablesMin ? "TABLE t or (query)" : "[TABLE t or (query)]");
        }

        parts.AddRange(function.Options.Select(
            static option => $"{option.Name} => {option.Type}"));
        return string.Join(", ", parts);
    }

    private NeuroStoreException Wrong(string what, SourcePosition position) => new(
        ErrorCode.WrongArgumentCount, $"A call of {function.Name} is wrong: {what}.", position);
}
