using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Binds predict, predict_proba and predict_interval: a model, perhaps a label or a level, and
/// behind USING the values of its inputs by name; and embed, which also takes them in their order
/// behind the model. The version is the one that the name means now; a statement is bound anew
/// when the catalog changes.
/// </summary>
internal sealed class PredictionBinder(Binder binder, ExpressionBinder expressions)
{
    private const string Value = "predict";
    private const string Probability = "predict_proba";
    private const string Interval = "predict_interval";
    private const string Embed = "embed";

    /// <summary>The names of the functions.</summary>
    public static readonly string[] Names = [Value, Probability, Interval, Embed];

    /// <summary>Whether a call is a prediction.</summary>
    public static bool Knows(FunctionCallSyntax call) => call.Name.Parts is [var name]
        && Names.Contains(name.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The bound call.</summary>
    public Expression Bind(FunctionCallSyntax call)
    {
        string name = call.Name.Last.ToLowerInvariant();
        CheckForm(call, name);
        if (name == Embed && call.Arguments[0].Value is LiteralExpressionSyntax
            {
                Kind: LiteralKind.Text,
            } encoder)
        {
            return BindGiven(call, encoder.Text);
        }

        BoundModel model = Find(call.Arguments[0].Value, binder);
        bool isAnswered = (name == Value && model.Info.Task == ModelTask.Tagger)
            || (name == Embed && model.Info.Task == ModelTask.GraphEmbedding);
        if (ModelBuilds.IsOfItsOwn(model.Info.Task) && !isAnswered)
        {
            throw ModelBuilds.NotOfRows(name, model.Name, model.Info.Task, call.Position);
        }

        if (name == Embed)
        {
            return BindEmbedding(call, model);
        }

        int target = TargetOf(call, name, model);
        int before = model.Info.Others.Count > 0 && target >= 0 ? 2 : 1;
        CheckArguments(call, name, model, before);
        Expression? argument = call.Arguments.Count > before && name != Value
            ? expressions.Bind(call.Arguments[before].Value)
            : null;
        (PredictionKind kind, DataType type) =
            Choose(name, model, target, ref argument, call.Position);
        var inputs = new PredictionInputs(model, BindInputs(call, model), call.Position);
        return new PredictionExpression(kind, type, inputs, argument) { Target = target };
    }

    /// <summary>
    /// The number of the target that the argument behind the model names; -1 for all of several.
    /// </summary>
    private static int TargetOf(FunctionCallSyntax call, string name, BoundModel model)
    {
        ModelVersionInfo info = model.Info;
        bool isNamed = call.Arguments.Count > 1 && (info.Others.Count > 0 || name == Value);
        if (!isNamed)
        {
            return info.Others.Count == 0 ? 0
                : name == Value ? -1
                : throw new NeuroStoreException(
                    ErrorCode.WrongArgumentCount,
                    $"The model {model.Name} predicts {info.TargetText}; say which behind its "
                    + $"name: {name}({model.Name}, {SqlText.Literal(info.Target)} ..",
                    call.Position);
        }

        string? asked = call.Arguments[1].Value is LiteralExpressionSyntax
            {
                Kind: LiteralKind.Text,
            } literal ? literal.Text : null;
        for (int i = 0; i < info.Targets.Count; i++)
        {
            if (string.Equals(info.Targets[i].Name, asked, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            (asked is null
                ? $"Behind the model {model.Name} stands one of its targets as a text"
                : $"The model {model.Name} predicts no {asked}")
            + $"; it predicts {(info.Target.Length > 0 ? info.TargetText : "no column")}."
            + NearMatch.Hint(asked ?? "", info.Targets.Select(static it => it.Name)),
            call.Arguments[1].Position);
    }

    private static void CheckArguments(
        FunctionCallSyntax call, string name, BoundModel model, int before)
    {
        int given = call.Arguments.Count - before;
        bool isRight = name switch
        {
            Value => call.Arguments.Count <= 2,
            Interval => given == 1,
            _ => given is 0 or 1,
        };
        if (!isRight)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{call.Arguments.Count} arguments stand before USING; {FormOf(name)}"
                + (model.Info.Others.Count > 0 ? ", with the target behind the model." : "."),
                call.Position);
        }
    }

    private GivenEncoderExpression BindGiven(FunctionCallSyntax call, string encoder)
    {
        if (call.Arguments.Count != 2)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                "An encoder of the program takes one text: write embed('name', text).",
                call.Position);
        }

        Expression text = OperatorFactory.Text(
            expressions.Bind(call.Arguments[1].Value), call.Position);
        return new GivenEncoderExpression(encoder, text, call.Position);
    }

    /// <summary>The version that an argument names.</summary>
    public static BoundModel Find(ExpressionSyntax argument, Binder binder)
    {
        ModelNameSyntax name = argument switch
        {
            ColumnReferenceSyntax reference =>
                new ModelNameSyntax(reference.Name, ModelVersionChoice.Live)
                {
                    Position = reference.Position,
                },
            ObjectArgumentSyntax { Kind: ObjectArgumentKind.Model } named =>
                new ModelNameSyntax(named.Name, named.Version) { Position = named.Position },
            _ => throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "The first argument is the name of a model, with or without a version: m, m@2.",
                argument.Position),
        };
        return new BoundModel(name.Name.Last, ModelLookup.Find(name, binder.Catalog));
    }

    /// <summary>The inputs of a model by the names of a scope.</summary>
    public static Expression[] InputsOf(BoundModel model, Scope scope, SourcePosition position) =>
        [.. model.Info.Inputs.Select(input => Coerce(
            input, FromScope(model, input, scope, null, position), position))];

    private static void CheckForm(FunctionCallSyntax call, string name)
    {
        if (call.IsStar || call.IsDistinct || call.Filter is not null || call.Over is not null
            || call.OrderBy.Count > 0 || call.Query is not null
            || call.Arguments.Any(static argument => argument.Name is not null))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{name} is no aggregate: {FormOf(name)}.",
                call.Position);
        }

        int least = name == Interval ? 2 : 1;
        int most = name == Embed ? (call.Inputs.Count > 0 ? 1 : int.MaxValue)
            : name == Value ? 2 : 3;
        if (call.Arguments.Count < least || call.Arguments.Count > most)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{call.Arguments.Count} arguments stand before USING; {FormOf(name)}.",
                call.Position);
        }

        if (call.Inputs.Count == 0 && name != Embed)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{name} needs USING and what the model reads; {FormOf(name)}.",
                call.Position);
        }
    }

    private static string FormOf(string name) => "write " + name switch
    {
        Embed => "embed(m, value), with a value for each input of the model, or embed(m USING *)",
        Interval => "predict_interval(m, 0.9 USING *)",
        Probability => "predict_proba(m, 'label' USING *), or without the label for all",
        _ => "predict(m USING *) or predict(m USING a, lower(b) AS c)",
    };

    private PredictionExpression BindEmbedding(FunctionCallSyntax call, BoundModel model)
    {
        if (model.Info.EmbeddingLength == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"The model {model.Name} gives no vectors: embed takes a model of TYPE embedder, "
                + "or a network with a layer before its last one.",
                call.Position);
        }

        if (call.Inputs.Count == 0 && call.Arguments.Count - 1 != model.Info.Inputs.Count)
        {
            string names = string.Join(", ", model.Info.Inputs.Select(static it => it.Name));
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"The model {model.Name} reads {names}, and {call.Arguments.Count - 1} values "
                + $"stand behind it; {FormOf(Embed)}.",
                call.Position);
        }

        Expression[] values = call.Inputs.Count > 0
            ? BindInputs(call, model)
            : [.. call.Arguments.Skip(1).Select((argument, i) => Coerce(
                model.Info.Inputs[i],
                expressions.Bind(argument.Value),
                argument.Value.Position))];
        for (int i = 0; i < values.Length; i++)
        {
            ModelColumn input = model.Info.Inputs[i];
            ModelRows.Check(
                ModelRows.ColumnOf(input.Name, input.Type), values[i].Type, call.Position);
        }

        var inputs = new PredictionInputs(model, values, call.Position) { IsEmbedding = true };
        return new PredictionExpression(
            PredictionKind.Embedding,
            DataType.VectorOf(model.Info.EmbeddingLength),
            inputs,
            null);
    }

    private static (PredictionKind Kind, DataType Type) Choose(
        string name,
        BoundModel model,
        int target,
        ref Expression? argument,
        SourcePosition position)
    {
        ModelTask task = model.Info.Task;
        if (name == Value)
        {
            return target < 0
                ? (PredictionKind.All, DataType.Json)
                : (PredictionKind.Value, model.Info.OutputTypeOf(target));
        }

        ModelTask needed = name == Probability ? ModelTask.Classifier : ModelTask.Regressor;
        if (task != needed)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"{name} takes a {needed.ToString().ToLowerInvariant()}, and {model.Name} is "
                + $"a model of the type {task.ToString().ToLowerInvariant()}.",
                position);
        }

        if (name == Interval)
        {
            argument = Coercion.To(argument!, DataType.Double, position);
            return argument.Type == DataType.Double
                ? (PredictionKind.Interval, DataType.Json)
                : throw new NeuroStoreException(
                    ErrorCode.TypeMismatch, "The level is a number such as 0.9.", position);
        }

        if (argument is null)
        {
            return (PredictionKind.Probabilities, DataType.Json);
        }

        argument = OperatorFactory.Text(argument, position);
        return (PredictionKind.Probability, DataType.Score);
    }

    private Expression[] BindInputs(FunctionCallSyntax call, BoundModel model)
    {
        IReadOnlyList<ModelColumn> inputs = model.Info.Inputs;
        var given = new Expression?[inputs.Count];
        bool hasStar = false;
        string? table = null;
        foreach (SelectItemSyntax item in call.Inputs)
        {
            if (item is StarItemSyntax star)
            {
                if (star.Excluded.Count + star.Replaced.Count > 0)
                {
                    throw new NeuroStoreException(
                        ErrorCode.NotSupported,
                        "USING * takes the columns that the model reads and no others; give one "
                        + "another value by USING *, value AS name.",
                        star.Position);
                }

                hasStar = true;
                table = star.Table?.Last;
                continue;
            }

            var one = (ExpressionItemSyntax)item;
            int place = PlaceOf(one, model, call.Inputs.Count);
            if (given[place] is not null)
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"{inputs[place].Name} is given twice.",
                    item.Position);
            }

            given[place] = Coerce(
                inputs[place], expressions.Bind(one.Expression), item.Position);
        }

        for (int i = 0; i < given.Length; i++)
        {
            given[i] ??= hasStar
                ? Coerce(
                    inputs[i],
                    FromScope(model, inputs[i], expressions.Scope, table, call.Position),
                    call.Position)
                : throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The model {model.Name} reads {inputs[i].Name}, which is not among what "
                    + "USING gives it.",
                    call.Position);
        }

        return given!;
    }

    private static int PlaceOf(ExpressionItemSyntax item, BoundModel model, int count)
    {
        IReadOnlyList<ModelColumn> inputs = model.Info.Inputs;
        string? name = item.Alias?.Name
            ?? (item.Expression as ColumnReferenceSyntax)?.Name.Last;
        for (int i = 0; name is not null && i < inputs.Count; i++)
        {
            if (string.Equals(inputs[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        // There is no doubt what a single value without a name is for.
        if (item.Alias is null && count == 1 && inputs.Count == 1)
        {
            return 0;
        }

        string names = string.Join(", ", inputs.Select(static input => input.Name));
        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            name is null
                ? $"Say with AS which input of {model.Name} this is: {names}."
                : $"The model {model.Name} has no input {name}."
                + (NearMatch.Hint(name, inputs.Select(static input => input.Name)) is
                    { Length: > 0 } hint ? hint : $" It reads {names}."),
            item.Position);
    }

    private static Expression FromScope(
        BoundModel model, ModelColumn input, Scope scope, string? table, SourcePosition position)
    {
        var last = new IdentifierSyntax(input.Name, true) { Position = position };
        NameSyntax name = new(
            table is null ? [last] : [new IdentifierSyntax(table, true), last])
        {
            Position = position,
        };
        return scope.Find(name)?.Expression ?? throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The model {model.Name} reads {input.Name}, and "
            + $"{(table is null ? "FROM" : table)} has no such column."
            + NearMatch.Hint(
                input.Name, scope.Star(table).Select(static column => column.Column.Name)),
            position);
    }

    /// <summary>Texts and NULL take the type that the model was trained with.</summary>
    private static Expression Coerce(
        ModelColumn input, Expression value, SourcePosition position)
    {
        DataType type = input.Type.IsNumeric ? DataType.Double : input.Type;
        return Coercion.IsFlexible(value) && type.Kind is not (TypeKind.Text or TypeKind.Blob)
            ? Coercion.To(value, type, position)
            : value;
    }
}
