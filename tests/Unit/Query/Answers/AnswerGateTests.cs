using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>When work in the background may commit beside users who change rows.</summary>
public sealed class AnswerGateTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void The_gate_closes_when_nobody_is_inside()
    {
        AnswerGate gate = Armed();
        AnswerTicket first = gate.Enter(isTransaction: false)!;
        Assert.False(gate.TryClose(withLoads: false));

        gate.Leave(first);

        Assert.True(gate.TryClose(withLoads: false));
        gate.Open();
    }

    [Fact]
    public async Task Who_comes_while_the_work_waits_is_not_held_up()
    {
        AnswerGate gate = Armed();
        AnswerTicket writer = gate.Enter(isTransaction: true)!;
        gate.BeginWrite(writer);
        Task<bool> closing = Task.Run(() => gate.TryClose(withLoads: false));
        Task<AnswerTicket> coming = Task.Run(() => gate.Enter(isTransaction: false)!);

        gate.Leave(await coming);
        Assert.False(await closing);
        gate.Leave(writer);
    }

    [Fact]
    public void Loads_are_waited_for_only_where_they_matter()
    {
        AnswerGate gate = Armed();
        AnswerTicket load = gate.Enter(isTransaction: false, isLoad: true)!;

        Assert.True(gate.TryClose(withLoads: false));
        gate.Open();
        Assert.False(gate.TryClose(withLoads: true));
        gate.Leave(load);
    }

    [Fact]
    public void A_transaction_without_writes_is_waited_for_ten_seconds()
    {
        AnswerGate gate = Armed();
        AnswerTicket reader = gate.Enter(isTransaction: true)!;
        Assert.False(gate.TryClose(withLoads: false));
        _clock.Now = _clock.Now.AddSeconds(9);
        Assert.False(gate.TryClose(withLoads: false));

        _clock.Now = _clock.Now.AddSeconds(2);

        Assert.True(gate.TryClose(withLoads: false));
        gate.Open();
        gate.Leave(reader);
    }

    private AnswerGate Armed()
    {
        var gate = new AnswerGate(_clock);
        gate.Arm();
        return gate;
    }
}
