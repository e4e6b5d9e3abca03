using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>
/// Calls of functions that CREATE FUNCTION made: the definition is bound in their place, with the
/// arguments under the names of the parameters. A query inside sees them as values of an enclosing
/// row.
/// </summary>
internal sealed class FunctionCallBinder(Binder binder, ExpressionBinder caller)
{
    private static readonly ConditionalWeakTable<CatalogObject, CreateFunctionStatementSyntax>
        Known = [];

    /// <summary>The statement that made a function.</summary>
    public static CreateFunctionStatementSyntax Of(CatalogObject function)
    {
        Invariant.Check(function.Kind == CatalogObjectKind.Function);
        return Known.GetValue(
            function,
            static known => (CreateFunctionStatementSyntax)SqlParser.Parse(known.Sql)[0]);
    }

    /// <summary>The function of a name, or null.</summary>
    public static CatalogObject? Find(NameSyntax name, Binder binder) =>
        binder.Catalog.TryGetObject(
            CatalogObjectKind.Function, name.Key, out CatalogObject function)
            ? function
            : null;

    /// <summary>The value of a call.</summary>
    public Expression BindValue(CatalogObject function, FunctionCallSyntax call)
    {
        CreateFunctionStatementSyntax definition = Of(function);
        if (definition.Value is not { } body)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{function.Name} gives rows; it stands in FROM.",
                call.Position);
        }

        Scope scope = ScopeOf(definition, call);
        Expression value = Inside(function, call.Position, () => new ExpressionBinder(
            binder, scope, $"the function {function.Name}")
        {
            Aggregates = caller.Aggregates,
            Windows = caller.Windows,
        }.Bind(body));
        if (definition.Type is { } type)
        {
            value = ExpressionFactory.Cast(value, TypeNames.Resolve(type), call.Position);
        }

        return definition.IsStrict && scope.Columns.Count > 0
            ? ExpressionFactory.Case(
                null,
                [(ExpressionFactory.Or([.. scope.Columns.Select(static column =>
                    ExpressionFactory.IsNull(column.Expression, false))]), OpenTypes.Null)],
                value,
                call.Position)
            : value;
    }

    /// <summary>The rows of a call in FROM; a value is one row.</summary>
    public LogicalNode BindRows(CatalogObject function, FunctionCallSyntax call)
    {
        CreateFunctionStatementSyntax definition = Of(function);
        if (definition.Query is not { } body)
        {
            Expression value = BindValue(function, call);
            return new LogicalProject(
                LogicalValues.OneRow,
                [new ProjectedColumn(
                    value, binder.Identifiers.NewColumn(function.Name, value.Type))]);
        }

        var captures = new OuterCaptures();
        var environment = new QueryEnvironment(ScopeOf(definition, call), captures, null);
        LogicalNode rows = FromBinder.Rename(
            Inside(function, call.Position, () => new QueryBinder(binder, environment).Bind(body)),
            definition.Columns,
            call.Position);
        return captures.Expressions.Count == 0
            ? rows
            : new LogicalApply(false, LogicalValues.OneRow, rows, captures.Expressions, null);
    }

    // A function that calls itself has no end.
    private T Inside<T>(CatalogObject function, SourcePosition position, Func<T> bind)
    {
        binder.CountExpansion(position);
        string key = function.Key;
        if (!binder.OpenViews.Add(key))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The function {function.Name} is defined by itself.",
                position);
        }

        try
        {
            return bind();
        }
        finally
        {
            binder.OpenViews.Remove(key);
        }
    }

    private Scope ScopeOf(CreateFunctionStatementSyntax definition, FunctionCallSyntax call)
    {
        if (call.IsStar || call.IsDistinct || call.Filter is not null || call.Over is not null
            || call.OrderBy.Count > 0 || call.Query is not null || call.Inputs.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The function {call.Name.Text} takes values, separated by commas.",
                call.Position);
        }

        var given = new ExpressionSyntax?[definition.Parameters.Count];
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            FunctionArgumentSyntax argument = call.Arguments[i];
            int place = argument.Name is { } name
                ? PlaceOf(definition, name.Name)
                : i;
            if (place < 0 || place >= given.Length || given[place] is not null)
            {
                throw WrongArguments(definition, call);
            }

            given[place] = argument.Value;
        }

        Scope scope = binder.NewScope();
        for (int i = 0; i < given.Length; i++)
        {
            FunctionParameterSyntax parameter = definition.Parameters[i];
            ExpressionSyntax syntax = given[i] ?? parameter.Default
                ?? throw WrongArguments(definition, call);
            Expression value = given[i] is null
                ? new ExpressionBinder(binder, new Scope(), "a default").Bind(syntax)
                : caller.Bind(syntax);
            if (parameter.Type is { } type)
            {
                value = ExpressionFactory.Assign(
                    value, TypeNames.Resolve(type), syntax.Position);
            }

            scope.Add(new ScopeColumn(
                definition.Name.Last,
                binder.Identifiers.NewColumn(parameter.Name.Name, value.Type),
                value));
        }

        return scope;
    }

    private static int PlaceOf(CreateFunctionStatementSyntax definition, string name)
    {
        for (int i = 0; i < definition.Parameters.Count; i++)
        {
            if (definition.Parameters[i].Name.Name.Equals(
                name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static NeuroStoreException WrongArguments(
        CreateFunctionStatementSyntax definition, FunctionCallSyntax call) => new(
            ErrorCode.WrongArgumentCount,
            $"{definition.Name.Text} takes "
            + (definition.Parameters.Count == 0
                ? "no arguments"
                : string.Join(", ", definition.Parameters.Select(static one => one.Name.Name)))
            + $", not the {call.Arguments.Count} argument(s) given.",
            call.Position);
}
