"""The offline preview: what a stack would declare, and what of it breaks the decision.

The real program runs under the SDK's mock monitor and the real policy pack judges what it declares, without an AWS
account, the Pulumi CLI, provider plugins or a network.
"""
