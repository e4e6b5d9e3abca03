namespace NeuroDb.Query;

/// <content>Keys whose hash another key has.</content>
internal sealed partial class GroupTable
{
    private int FindExactly(
        ReadOnlySpan<ColumnBuffer> keys, int row, ulong hash, out int slot)
    {
        int mask = _slots.Length - 1;
        slot = (int)hash & mask;
        while (_slots[slot].Next != 0)
        {
            int group = _slots[slot].Next - 1;
            if (_slots[slot].Key == hash && IsSame(group, keys, row))
            {
                return group;
            }

            slot = (slot + 1) & mask;
        }

        return -1;
    }

    private bool IsSame(int group, ReadOnlySpan<ColumnBuffer> keys, int row)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (!_columns[i].IsSame(group, keys[i], row))
            {
                return false;
            }
        }

        return true;
    }

    // Keys whose hash was taken were added behind those of later rows.
    private void Renumber(int known, Span<int> groups)
    {
        var numbers = new int[Count - known];
        numbers.AsSpan().Fill(-1);
        int next = known;
        foreach (ref int group in groups)
        {
            if (group >= known)
            {
                ref int number = ref numbers[group - known];
                number = number < 0 ? next++ : number;
                group = number;
            }
        }

        foreach (ref Slot slot in _slots.AsSpan())
        {
            slot = slot.Next > known
                ? new Slot(slot.Key, numbers[slot.Next - 1 - known] + 1)
                : slot;
        }

        for (int i = 0; _storesKeys && i < _columns.Length; i++)
        {
            _columns[i].Move(known, numbers);
        }
    }
}
