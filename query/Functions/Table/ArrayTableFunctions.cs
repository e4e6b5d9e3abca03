namespace NeuroDb.Query;

/// <summary>unnest: the elements of arrays as rows; NULL where a shorter array has ended.</summary>
internal static class ArrayTableFunctions
{
    /// <summary>The function for the types of the arguments.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindUnnest(
        FunctionCall call)
    {
        if (call.Count == 0)
        {
            throw TableFunctionRegistry.WrongCount(call, "1 or more");
        }

        var columns = new (string, DataType)[call.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = call.TypeOf(i).Kind == TypeKind.Array
                ? ("unnest", call.TypeOf(i).Typed.ElementType)
                : throw call.Mismatch(i, "an array");
        }

        return (new TableFunction(call.Name, columns, Run), call.Arguments);
    }

    private static IEnumerable<Value[]> Run(Value[] arrays)
    {
        List<Value>[] items = [.. arrays.Select(array =>
            array.IsNull ? [] : ArrayCodec.Decode(array.AsBlob()))];
        int count = items.Max(item => item.Count);
        for (int row = 0; row < count; row++)
        {
            yield return [.. items.Select(item => row < item.Count ? item[row] : Value.Null)];
        }
    }
}
