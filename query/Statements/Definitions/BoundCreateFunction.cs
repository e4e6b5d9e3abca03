using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// CREATE FUNCTION. A body over parameters with types is bound once to see that it has a meaning;
/// one whose parameters take any type is bound where it is called.
/// </summary>
internal sealed class BoundCreateFunction(CreateFunctionStatementSyntax syntax)
    : BoundDefinition($"Create function {syntax.Name.Text}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        CatalogView catalog = transaction.Catalog;
        string name = syntax.Name.Key;
        CheckName(name);
        if (catalog.TryGetObject(CatalogObjectKind.Function, name, out _) && !syntax.OrReplace)
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The function {name} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A function {name} exists already. Choose another name, or write OR REPLACE.",
                syntax.Name.Position);
        }

        if (syntax.ParameterCount > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "A function may not use parameters of the statement; write their names.",
                syntax.Position);
        }

        SchemaNames.Check(syntax.Name, catalog);
        var function = new CatalogObject(CatalogObjectKind.Function, name, syntax.Text);
        CheckBody(function, catalog);
        if (syntax.IsTemporary || Binder.IsTemporary(syntax.Name))
        {
            context.Temporaries.Change(transaction).PutObject(function);
        }
        else
        {
            transaction.PutObject(function);
        }
    }

    private void CheckName(string name)
    {
        if (FunctionRegistry.Contains(name) || AggregateRegistry.Names.Contains(name)
            || WindowRegistry.Contains(name)
            || TableFunctionRegistry.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"{name} is a function of the engine; choose another name.",
                syntax.Name.Position);
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (FunctionParameterSyntax parameter in syntax.Parameters)
        {
            if (!seen.Add(parameter.Name.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Two parameters of {name} have the name {parameter.Name.Name}.",
                    parameter.Position);
            }
        }
    }

    private void CheckBody(CatalogObject function, CatalogView catalog)
    {
        if (syntax.Parameters.Any(static parameter => parameter.Type is null))
        {
            return;
        }

        var binder = new Binder(catalog, [], new NoticeList());
        var call = new FunctionCallSyntax(
            syntax.Name,
            [.. syntax.Parameters.Select(parameter => new FunctionArgumentSyntax(
                null,
                new CastExpressionSyntax(
                    new LiteralExpressionSyntax(LiteralKind.Null, "")
                    {
                        Position = parameter.Position,
                    },
                    parameter.Type!)
                {
                    Position = parameter.Position,
                })
            {
                Position = parameter.Position,
            })],
            false,
            false,
            null)
        {
            Position = syntax.Position,
        };
        var caller = new ExpressionBinder(binder, new Scope(), "a function");
        _ = new FunctionCallBinder(binder, caller).BindRows(function, call);
    }
}
