using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// group_concat and string_agg: the texts that are not NULL in the order they come, each but the
/// first after the separator of its row; NULL of nothing. Of what the first row of a group brings,
/// the separator is kept, because a merge may put other rows before it. Of a text, what stands
/// before and after it is added at the end.
/// </summary>
internal sealed class ConcatenationState(
    DataType type, string before = "", string after = "") : AggregateState
{
    private StringBuilder?[] _texts = [];
    private string?[] _separators = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        ReadOnlySpan<string> values = ((ColumnBuffer<string>)arguments[0]).Values;
        ReadOnlySpan<string> separators = ((ColumnBuffer<string>)arguments[1]).Values;
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            if (!arguments[0].IsNull(i))
            {
                string? separator = arguments[1].IsNull(i) ? null : separators[i];
                Append(groupOfRow[i], separator, values[i].Length).Append(values[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        var other = (ConcatenationState)source;
        if (other._texts[sourceGroup] is StringBuilder text)
        {
            Append(group, other._separators[sourceGroup], text.Length).Append(text);
        }
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var builder = new ColumnBuilder<string>(type, GroupCount);
        for (int group = 0; group < GroupCount; group++)
        {
            if (_texts[group] is StringBuilder text)
            {
                builder.AppendElement(before + text + after);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    protected override void Grow(int count)
    {
        Resize(ref _texts, count);
        Resize(ref _separators, count);
    }

    private StringBuilder Append(int group, string? separator, int length)
    {
        ref StringBuilder? text = ref _texts[group];
        if (text is null)
        {
            text = new StringBuilder();
            _separators[group] = separator;
        }
        else
        {
            text.Append(separator);
        }

        if (text.Length + (long)length > Limits.ValueSizeBytesMax / sizeof(char))
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"A text of group_concat is longer than {Limits.ValueSizeBytesMax} bytes.");
        }

        Hold(sizeof(char) * (long)length);
        return text;
    }
}
